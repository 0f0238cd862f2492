#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

#include <stdlib.h>
#include <string.h>

const char *cc_option_spelled(struct cc_arena *mem, const struct cc_shape_field *field)
{
    char *spelled = cc_alloc(mem, strlen("--") + strlen(field->name) + 1);
    char *end = spelled;

    *end++ = '-'; /* without printf, because every run builds the names of all options */
    *end++ = '-';
    for (const char *c = field->name; *c; c++) {
        *end++ = (char)(*c == '_' ? '-' : *c);
    }
    return spelled;
}

bool cc_option_takes_value(const struct cc_shape_field *field)
{
    return field->kind != CC_KIND_FLAG;
}

const char *cc_option_words(struct cc_arena *mem, const struct cc_shape_field *field,
                            const char *between)
{
    const char *const *words = cc_shape_words(mem, field);
    struct cc_buf all = cc_buf_new(mem, 65536);

    for (size_t i = 0; words && words[i]; i++) {
        cc_buf_addf(&all, "%s%s", i ? between : "", words[i]);
    }
    return all.text;
}

/* "900 to 43200"; NULL when any number is allowed. */
static const char *range_of(struct cc_arena *mem, const struct cc_shape_field *field)
{
    if (field->kind != CC_KIND_NUMBER || field->least >= field->most) {
        return NULL;
    }
    return cc_textf(mem, "%lld to %lld", (long long)field->least, (long long)field->most);
}

const char *cc_option_about(struct cc_arena *mem, const struct cc_shape_field *field)
{
    const char *usual =
        field->usual || field->kind != CC_KIND_WORD ? field->usual : field->words[0];
    const char *range = range_of(mem, field);
    struct cc_buf out = cc_buf_new(mem, 4096);

    cc_buf_text(&out, field->about);
    if (range) {
        cc_buf_addf(&out, ", %s", range);
    }
    if (cc_shape_words(mem, field)) {
        cc_buf_addf(&out, ": %s",
                    cc_option_words(mem, field, field->rules & CC_COMMAS ? ", " : "|"));
    }
    if (usual) {
        cc_buf_addf(&out, " (default: %s)", usual);
    }
    return out.text;
}

static bool shows(const struct cc_shape_field *field)
{
    return field->kind != CC_KIND_SECRET;
}

static bool refuse(const struct cc_shape_field *field, const char *source, const char *text,
                   struct cc_error *err)
{
    if (shows(field)) {
        cc_fail(err, CC_E_USAGE, "%s: \"%.100s\" is not valid", source, text);
    } else {
        cc_fail(err, CC_E_USAGE, "%s is not valid", source);
    }
    return cc_fix(err, "correct the value of %s", source);
}

/* Copied as bytes: the row knows the type of the member, C does not. */
static void put(const struct cc_shape_member *member, const void *from, size_t size)
{
    memcpy((char *)member->whole + member->field->at, from, size);
}

static bool known_word(const char *const *words, const char *text, int *which)
{
    for (int i = 0; words && words[i]; i++) {
        if (cc_text_equal(words[i], text)) {
            *which = i;
            return true;
        }
    }
    return false;
}

static const char *word_at(const void *words, size_t i)
{
    return ((const char *const *)words)[i];
}

static bool wrong_word(struct cc_arena *mem, const struct cc_shape_field *field, const char *source,
                       const char *text, struct cc_error *err)
{
    const size_t len = strlen(text);
    const char *all = cc_option_words(mem, field, ", ");
    const char *near =
        len > 3 && len < 64 ? cc_text_nearest(text, word_at, cc_shape_words(mem, field)) : NULL;

    refuse(field, source, text, err);
    if (!near) {
        return cc_fix(err, "use one of %s", all);
    }
    cc_why(err, "it is not one of %s", all);
    return cc_fix(err, "did you mean %s?", near);
}

/* "a,b": each of them. */
static bool words_fit(struct cc_arena *mem, const struct cc_shape_field *field, const char *source,
                      const char *text, struct cc_error *err)
{
    const char *const *words = cc_shape_words(mem, field);
    int which = 0;

    while (words) {
        const size_t len = field->rules & CC_COMMAS ? strcspn(text, ",") : strlen(text);
        const char *word = cc_text_trim(mem, cc_text_dup(mem, text, len));

        if (!known_word(words, field->rules & CC_COMMAS ? word : text, &which)) {
            return wrong_word(mem, field, source, word, err);
        }
        if (text[len] == '\0') {
            break;
        }
        text += len + 1;
    }
    return true;
}

/* Checks a TEXT or one of TEXTS. */
static bool text_fits(struct cc_arena *mem, const struct cc_shape_field *field, const char *source,
                      const char *text, struct cc_error *err)
{
    const char *unseen = cc_text_unseen(text);

    if (!words_fit(mem, field, source, text, err)) {
        return false;
    }
    if (field->form && field->form->fits && !field->form->fits(text)) {
        refuse(field, source, text, err);
        return unseen ? cc_why(err, "it contains %s", unseen)
                      : cc_why(err, "%s", field->form->says);
    }
    if (field->kind == CC_KIND_PAIRS && (text[0] == '=' || !strchr(text, '='))) {
        refuse(field, source, text, err);
        return cc_why(err, "it must be %s", field->title);
    }
    return true;
}

/* A list whose length is a power of two is full and moves to one of twice the size. */
static void append(struct cc_arena *mem, const struct cc_shape_member *member, const char *text)
{
    const char **texts = NULL;
    size_t count = 0;

    memcpy(&texts, (const char *)member->whole + member->field->at, sizeof(texts));
    while (texts && texts[count]) {
        count++;
    }
    if (((count + 1) & count) == 0) {
        const char **longer = cc_alloc(mem, (2 * count + 2) * sizeof(*longer));

        if (count > 0) {
            memcpy(longer, texts, count * sizeof(*texts));
        }
        texts = longer;
        put(member, &texts, sizeof(texts));
    }
    texts[count] = text;
}

static bool put_number(struct cc_arena *mem, const struct cc_shape_member *member,
                       const char *source, const char *text, struct cc_error *err)
{
    const struct cc_shape_field *field = member->field;
    const bool any = field->least >= field->most;
    int64_t number = 0;

    if (!cc_text_number(text, any ? INT32_MIN : field->least, any ? INT32_MAX : field->most,
                        &number)) {
        refuse(field, source, text, err);
        return any ? cc_why(err, "it must be a whole number")
                   : cc_why(err, "it must be a whole number from %s", range_of(mem, field));
    }
    const int narrow = (int)number;
    if (field->size == sizeof(narrow)) {
        put(member, &narrow, sizeof(narrow));
    } else {
        put(member, &number, sizeof(number));
    }
    return true;
}

static bool put_span(const struct cc_shape_member *member, const char *source, const char *text,
                     struct cc_error *err)
{
    char *end = NULL;
    double seconds = strtod(text, &end);
    const double most = (double)member->field->most / 1000;

    if (text[strspn(text, "0123456789.")] != '\0' || end == text || *end != '\0' ||
        !(seconds > 0) || seconds > most) {
        refuse(member->field, source, text, err);
        return cc_why(err, "it must be a number of seconds above 0 and at most %.0f", most);
    }
    const int64_t ms = (int64_t)(seconds * 1000 + 0.5);
    put(member, &ms, sizeof(ms));
    return true;
}

/* True when the member already has another value, which would be lost without a message. */
static bool contradicts(const struct cc_shape_member *member, const char *text)
{
    const struct cc_shape_field *field = member->field;
    const char *from = (const char *)member->whole + field->at;
    struct cc_secret secret;
    const char *old = NULL;
    int64_t number = 0;
    int narrow = 0;

    if (!(field->rules & CC_ONCE)) {
        return false;
    }
    switch (field->kind) {
    case CC_KIND_TEXT: memcpy(&old, from, sizeof(old)); return old && !cc_text_equal(old, text);
    case CC_KIND_SECRET:
        memcpy(&secret, from, sizeof(secret));
        return cc_secret_present(secret) && !cc_secret_same(secret, (struct cc_secret){text});
    default:
        memcpy(&narrow, from, sizeof(narrow));
        return narrow != 0 &&
               !(cc_text_number(text, INT32_MIN, INT32_MAX, &number) && number == narrow);
    }
}

static bool put_value(struct cc_arena *mem, const struct cc_shape_member *member,
                      const char *source, const char *text, struct cc_error *err)
{
    const struct cc_shape_field *field = member->field;
    struct cc_secret secret = {0};
    int which = 0;

    switch (field->kind) {
    case CC_KIND_NUMBER: return put_number(mem, member, source, text, err);
    case CC_KIND_SPAN: return put_span(member, source, text, err);
    case CC_KIND_WORD:
        if (!known_word(field->words, text, &which)) {
            return wrong_word(mem, field, source, text, err);
        }
        put(member, &which, sizeof(which));
        return true;
    case CC_KIND_SECRET:
        if (!text_fits(mem, field, source, text, err)) {
            return false;
        }
        secret = cc_secret_keep(mem, text);
        put(member, &secret, sizeof(secret));
        return true;
    default: break;
    }
    if (!text_fits(mem, field, source, text, err)) {
        return false;
    }
    if (field->kind == CC_KIND_TEXT) {
        put(member, &text, sizeof(text));
    } else {
        append(mem, member, text);
    }
    return true;
}

bool cc_option_twice(const char *source, struct cc_error *err)
{
    cc_fail(err, CC_E_USAGE, "%s is given twice", source);
    cc_why(err, "it has two different values");
    return cc_fix(err, "give %s once for each --role-arn", source);
}

bool cc_option_put(struct cc_arena *mem, const struct cc_shape_member *member, const char *source,
                   const char *text, struct cc_error *err)
{
    const bool on = true;

    if (member->field->kind == CC_KIND_FLAG) {
        put(member, &on, sizeof(on));
        return true;
    }
    if (!text || !text[0]) {
        cc_fail(err, CC_E_USAGE, "%s is empty", source);
        cc_why(err,
               "an empty value has no meaning here; a shell variable that is not set leaves one");
        return cc_fix(err, "give %s a value, or leave it out", source);
    }
    if (contradicts(member, text)) {
        return cc_option_twice(source, err);
    }
    return put_value(mem, member, source, text, err);
}

void cc_options_begin(struct cc_arena *mem, const struct cc_shape *shape, void *options)
{
    struct cc_shape_walk walk = cc_shape_walk(shape, options);
    struct cc_shape_member member;
    struct cc_error ignored;

    memset(options, 0, shape->size);
    while (cc_shape_next(&walk, &member)) {
        if (member.field->usual &&
            !cc_option_put(mem, &member, "", member.field->usual, &ignored)) {
            abort(); /* a test applies every default */
        }
    }
}

/* The list that `member` is, as C sees it. */
struct structs {
    char *all;
    size_t count;
};

static struct structs structs_of(const struct cc_shape_member *member)
{
    struct structs structs;

    memcpy(&structs.all, (const char *)member->whole + member->field->at, sizeof(structs.all));
    memcpy(&structs.count, (const char *)member->whole + member->field->count_at,
           sizeof(structs.count));
    return structs;
}

static bool begin_one(struct cc_arena *mem, const struct cc_shape_member *list,
                      struct structs *structs, struct cc_error *err)
{
    const struct cc_shape_field *field = list->field;

    if (structs->count == (size_t)field->most) {
        cc_fail(err, CC_E_USAGE, "%s is given more than %lld times",
                cc_option_spelled(mem, field->of->fields), (long long)field->most);
        return cc_fix(err, "give at most %lld", (long long)field->most);
    }
    if (!structs->all) {
        structs->all = cc_alloc(mem, (size_t)field->most * field->of->size);
        put(list, &structs->all, sizeof(structs->all));
    }
    cc_options_begin(mem, field->of, structs->all + structs->count * field->of->size);
    structs->count++;
    memcpy((char *)list->whole + field->count_at, &structs->count, sizeof(structs->count));
    return true;
}

static bool has_field(const struct cc_shape *shape, const struct cc_shape_field *field)
{
    const struct cc_shape_field *row = shape->fields;

    while (row->name && row != field) {
        row++;
    }
    return row == field;
}

bool cc_option_place(struct cc_arena *mem, const struct cc_shape *shape, void *options,
                     const struct cc_shape_field *field, struct cc_shape_member *member,
                     struct cc_error *err)
{
    struct cc_shape_walk walk = cc_shape_walk(shape, options);

    while (cc_shape_next(&walk, member)) {
        if (member->field == field) {
            return true;
        }
        if (member->field->kind != CC_KIND_LIST || !has_field(member->field->of, field)) {
            continue;
        }
        const struct cc_shape *of = member->field->of;
        struct structs structs = structs_of(member);
        if (field == of->fields && !begin_one(mem, member, &structs, err)) {
            return false;
        }
        if (structs.count > 0) {
            *member =
                (struct cc_shape_member){field, of, structs.all + (structs.count - 1) * of->size};
            return true;
        }
    }
    return cc_fail(err, CC_E_INTERNAL, "%s belongs to no structure", cc_option_spelled(mem, field));
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as shapes are in shapes
bool cc_options_check(struct cc_arena *mem, const struct cc_shape *shape, void *options,
                      struct cc_error *err)
{
    if (shape->check && !shape->check(mem, options, err)) {
        return false;
    }
    for (const struct cc_shape_field *field = shape->fields; field->name; field++) {
        if (field->kind == CC_KIND_GROUP &&
            !cc_options_check(mem, field->of, (char *)options + field->at, err)) {
            return false;
        }
    }
    return true;
}
