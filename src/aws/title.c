#include "title.h"

#include "credctl/base/text.h"

#include <string.h>

#define BLANKS " \t\r\v\f"

static const struct {
    const char *prefix;
    enum cc_section_kind kind;
} prefixes[] = {
    {"profile", CC_SECTION_PROFILE},
    {"sso-session", CC_SECTION_SSO_SESSION},
    {"services", CC_SECTION_SERVICES},
};

/* Sections of the config file that only the AWS CLI uses. */
static const char *const of_the_cli[] = {"plugins", "preview"};

/* A bracket ends the title when only a comment follows. */
static bool ends_here(const char *bracket)
{
    const char *rest = bracket + 1 + strspn(bracket + 1, BLANKS);

    return *rest == '\0' || *rest == '#' || *rest == ';';
}

static const char *end_of(const char *line, bool with_quotes)
{
    char quote = '\0';

    for (const char *at = line + 1; *at; at++) {
        if (quote && *at == quote) {
            quote = '\0';
        } else if (!quote && with_quotes && (*at == '"' || *at == '\'') && strchr(at + 1, *at)) {
            quote = *at;
        } else if (!quote && *at == ']' && ends_here(at)) {
            return at;
        }
    }
    return NULL;
}

const char *cc_title_end(const char *line)
{
    const char *end = end_of(line, true);

    return end ? end : end_of(line, false); /* [Tom's] # don't: two apostrophes, no quotes */
}

/*
 * One word in the syntax of a shell, which the AWS CLI uses for names with blanks: 'Foo Bar', or
 * 'it'"'"'s me'. NULL: it is not a single word. A backslash is an ordinary character.
 */
static const char *one_word(struct cc_arena *mem, const char *text)
{
    char *word = cc_text_dup(mem, text, strlen(text));
    char *to = word;
    char quote = '\0';

    for (; *text; text++) {
        if (quote && *text == quote) {
            quote = '\0';
        } else if (!quote && (*text == '"' || *text == '\'')) {
            quote = *text;
        } else if (!quote && strchr(BLANKS, *text)) {
            return NULL;
        } else {
            *to++ = *text;
        }
    }
    *to = '\0';
    return quote ? NULL : word;
}

static bool has_blanks(const char *text)
{
    return text[strcspn(text, BLANKS)] != '\0';
}

static struct cc_title named(struct cc_arena *mem, enum cc_section_kind kind, const char *text)
{
    const char *name = one_word(mem, text);

    if (!name && !has_blanks(text)) {
        name = text; /* Tom's */
    }
    if (name && name[0]) {
        return (struct cc_title){.kind = kind, .name = name};
    }
    return (struct cc_title){.why = name ? "the section has no name"
                                         : "a name with blanks must stand in quotes, as in "
                                           "[profile 'My Name']"};
}

static const char *after_prefix(const char *title, const char *prefix)
{
    size_t len = strlen(prefix);

    return cc_text_starts(title, prefix) && (title[len] == '\0' || strchr(BLANKS, title[len]))
               ? title + len
               : NULL;
}

/* The AWS CLI writes a name unchanged, including blanks. */
static struct cc_title in_credentials(struct cc_arena *mem, const char *title)
{
    const char *quoted = title[0] == '"' || title[0] == '\'' ? one_word(mem, title) : NULL;

    for (size_t i = 0; i < CC_COUNT(prefixes); i++) {
        if (after_prefix(title, prefixes[i].prefix) && has_blanks(title)) {
            return (struct cc_title){.why = "a section of the credentials file is written "
                                            "[NAME], and is always a profile"};
        }
    }
    if (!title[0] || (quoted && !quoted[0])) {
        return (struct cc_title){.why = "the section has no name"};
    }
    return (struct cc_title){.kind = CC_SECTION_PROFILE, .name = quoted ? quoted : title};
}

static struct cc_title in_config(struct cc_arena *mem, const char *title)
{
    if (strcmp(title, "default") == 0) {
        return (struct cc_title){.kind = CC_SECTION_PROFILE, .name = title};
    }
    for (size_t i = 0; i < CC_COUNT(prefixes); i++) {
        const char *rest = after_prefix(title, prefixes[i].prefix);

        if (rest) {
            struct cc_title made = named(mem, prefixes[i].kind, cc_text_trim(mem, rest));

            made.prefixed = cc_text_equal(made.name, "default");
            return made;
        }
    }
    for (size_t i = 0; i < CC_COUNT(of_the_cli); i++) {
        if (strcmp(title, of_the_cli[i]) == 0) {
            return (struct cc_title){.why = NULL};
        }
    }
    return (struct cc_title){.why = "a section of the config file is [default], [profile NAME], "
                                    "[sso-session NAME] or [services NAME]"};
}

struct cc_title cc_title_read(struct cc_arena *mem, const char *title, bool credentials)
{
    return credentials ? in_credentials(mem, title) : in_config(mem, title);
}
