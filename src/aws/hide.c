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

const char *cc_hide(struct cc_arena *mem, const char *text, const struct cc_secret *secrets,
                    size_t count)
{
    for (size_t i = 0; text && i < count; i++) {
        const char *secret = cc_secret_reveal(secrets[i]);

        if (holds(text, secret) || holds_a_word(mem, text, secret) ||
            holds(text, cc_text_percent(mem, secret, false))) {
            return "(it repeats a secret and is not shown)";
        }
    }
    return text;
}
