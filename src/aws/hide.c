#include "credctl/aws/hide.h"

#include "credctl/base/text.h"

#include <ctype.h>
#include <string.h>

#define LEAST 6 /* shorter texts occur by chance */
/* Any 2 * PIECE - 1 bytes of a secret contain a piece that begins at a multiple of PIECE. */
#define PIECE ((size_t)12)

static bool part_of_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-';
}

static bool stands_alone(const char *text, const char *word)
{
    size_t len = strlen(word);

    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word)) {
        if ((at == text || !part_of_word(at[-1])) && !part_of_word(at[len])) {
            return true;
        }
    }
    return false;
}

static bool holds(const char *text, const char *secret)
{
    size_t len = strlen(secret);
    size_t room = strlen(text);

    if (len < LEAST) {
        return len > 0 && stands_alone(text, secret);
    }
    if (len < 2 * PIECE) {
        return strstr(text, secret) != NULL;
    }
    for (size_t i = 0; i + PIECE <= len; i += PIECE) {
        if (memmem(text, room, secret + i, PIECE)) {
            return true;
        }
    }
    return false;
}

/* The part after the first word: in "Bearer TOKEN", only that is secret. */
static bool holds_a_word(struct cc_arena *mem, const char *text, const char *secret)
{
    for (const char *at = strpbrk(secret, " \t"); at; at = strpbrk(at, " \t")) {
        at += strspn(at, " \t");
        const char *word = cc_text_dup(mem, at, strcspn(at, " \t"));

        if (holds(text, word)) {
            return true;
        }
    }
    return false;
}

/* The text as it is, and as it reads when each code in it is undone. */
struct views {
    const char *text;
    const char *plain; /* without %XX */
    const char *url;   /* with the alphabet of base64url in place of base64's */
    const char *lower; /* for hex digits */
};

static struct views views_of(struct cc_arena *mem, const char *text)
{
    char *url = cc_text_dup(mem, text, strlen(text));

    for (char *c = url; *c; c++) {
        if (*c == '+') {
            *c = '-';
        } else if (*c == '/') {
            *c = '_';
        }
    }
    return (struct views){text, cc_text_unpercent(mem, text), url, cc_text_lower(mem, text)};
}

/* Of whatever it is a part, it begins at one of three places in a group of base64. */
static bool holds_base64(struct cc_arena *mem, const char *text, const char *secret)
{
    for (size_t skip = 0; skip < 3; skip++) {
        const size_t len = strlen(secret) - skip;
        const char *code =
            cc_text_base64url(mem, (const unsigned char *)secret + skip, len - len % 3);

        if (code[0] && holds(text, code)) {
            return true;
        }
    }
    return false;
}

static bool holds_hex(struct cc_arena *mem, const char *text, const char *secret)
{
    char *code = cc_alloc(mem, 2 * strlen(secret) + 1);

    cc_text_hex(code, (const unsigned char *)secret, strlen(secret));
    return holds(text, code);
}

static bool repeats(struct cc_arena *mem, const struct views *views, const char *secret)
{
    if (holds(views->text, secret) || holds(views->plain, secret) ||
        holds_a_word(mem, views->plain, secret)) {
        return true;
    }
    return strlen(secret) >= LEAST &&
           (holds_base64(mem, views->url, secret) || holds_hex(mem, views->lower, secret));
}

const char *cc_hide(struct cc_arena *mem, const char *text, const struct cc_secret *secrets,
                    size_t count)
{
    struct views views = {0};

    for (size_t i = 0; text && i < count; i++) {
        if (!cc_secret_present(secrets[i])) {
            continue;
        }
        if (!views.text) {
            views = views_of(mem, text);
        }
        if (repeats(mem, &views, cc_secret_reveal(secrets[i]))) {
            return "(it repeats a secret and is not shown)";
        }
    }
    return text;
}
