#include "credctl/base/text.h"

#include "real.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>

/*
 * A bundle has about 150 certificates, and OpenSSL's PEM reader takes longer for them than the rest
 * of a TLS handshake. So blocks in the usual form (a label and only base64) are decoded here, and
 * all others are left to OpenSSL.
 */

#define BEGIN "-----BEGIN "
#define END   "-----END "
#define FIRST 640 /* characters; nearly every subject ends within them */

static const struct {
    const char *label; /* with the closing dashes */
    bool trusted;
} labels[] = {
    {"CERTIFICATE-----", false},
    {"X509 CERTIFICATE-----", false},
    {"TRUSTED CERTIFICATE-----", true},
};

/* The meaning of a byte: six bits, ignored, or the end of the base64 text. */
#define BLANK 64
#define STOP  65

struct reader {
    const char *end;
    const struct cc_certificates *asked;
    unsigned char *der;
    size_t room;
    unsigned char values[256];
};

static void bio_done(BIO **bio)
{
    (void)BIO_free(*bio);
}

static void fill_values(unsigned char *values)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    memset(values, STOP, 256);
    for (unsigned char i = 0; i < BLANK; i++) {
        values[(unsigned char)alphabet[i]] = i;
    }
    values[' '] = values['\t'] = values['\r'] = values['\n'] = BLANK;
}

static bool starts(const struct reader *reader, const char *at, const char *text)
{
    size_t len = strlen(text);

    return (size_t)(reader->end - at) >= len && memcmp(at, text, len) == 0;
}

/* The next line from `at` that begins a block, or the end. */
static const char *next_block(const struct reader *reader, const char *at)
{
    while (at < reader->end && !starts(reader, at, BEGIN)) {
        const char *line = memchr(at, '\n', (size_t)(reader->end - at));

        at = line ? line + 1 : reader->end;
    }
    return at;
}

/* The start of the next line, when only blanks are left on this one; or NULL. */
static const char *behind_line(const struct reader *reader, const char *at)
{
    while (at < reader->end && (*at == ' ' || *at == '\t' || *at == '\r')) {
        at++;
    }
    if (at < reader->end && *at != '\n') {
        return NULL;
    }
    return at < reader->end ? at + 1 : at;
}

static void make_room(struct reader *reader, size_t room)
{
    if (room > reader->room) {
        free(reader->der);
        reader->der = malloc(room);
        reader->room = room;
    }
    if (!reader->der) {
        abort();
    }
}

struct decoding {
    const unsigned char *values;
    const unsigned char *in;
    const unsigned char *end;
    unsigned char *out;
    uint32_t group;
    size_t held; /* characters of an incomplete group */
};

/* Complete groups of four: nearly all of a block. */
static void take_groups(struct decoding *decoding)
{
    const unsigned char *values = decoding->values;
    const unsigned char *in = decoding->in;
    unsigned char *out = decoding->out;

    for (; decoding->end - in >= 4; in += 4, out += 3) {
        uint32_t a = values[in[0]];
        uint32_t b = values[in[1]];
        uint32_t c = values[in[2]];
        uint32_t d = values[in[3]];

        if ((a | b | c | d) >= BLANK) {
            break;
        }
        out[0] = (unsigned char)(a << 2 | b >> 4);
        out[1] = (unsigned char)(b << 4 | c >> 2);
        out[2] = (unsigned char)(c << 6 | d);
    }
    decoding->in = in;
    decoding->out = out;
}

/* One character, at the start or end of a line. */
static void take_one(struct decoding *decoding)
{
    uint32_t value = decoding->values[*decoding->in++];

    if (value == BLANK) {
        return;
    }
    decoding->group = decoding->group << 6 | value;
    decoding->held = (decoding->held + 1) % 4;
    if (decoding->held == 0) {
        *decoding->out++ = (unsigned char)(decoding->group >> 16);
        *decoding->out++ = (unsigned char)(decoding->group >> 8);
        *decoding->out++ = (unsigned char)decoding->group;
    }
}

/* The last group, when the right padding follows, and then only blanks. */
static bool take_rest(struct decoding *decoding)
{
    size_t padding = (4 - decoding->held) % 4;

    for (size_t i = 0; i < padding; i++, decoding->in++) {
        if (padding == 3 || decoding->in == decoding->end || *decoding->in != '=') {
            return false;
        }
    }
    if (padding == 2) {
        *decoding->out++ = (unsigned char)(decoding->group >> 4);
    } else if (padding == 1) {
        *decoding->out++ = (unsigned char)(decoding->group >> 10);
        *decoding->out++ = (unsigned char)(decoding->group >> 2);
    }
    while (decoding->in < decoding->end && decoding->values[*decoding->in] == BLANK) {
        decoding->in++;
    }
    return decoding->in == decoding->end;
}

/* False when there is anything but base64 and blanks between the two. */
static bool decode(struct reader *reader, const char *from, const char *to, size_t *size)
{
    struct decoding decoding = {
        .values = reader->values,
        .in = (const unsigned char *)from,
        .end = (const unsigned char *)to,
        .out = reader->der,
    };

    while (decoding.in < decoding.end && decoding.values[*decoding.in] != STOP) {
        take_one(&decoding);
        if (decoding.held == 0) {
            take_groups(&decoding);
        }
    }
    bool whole = take_rest(&decoding);
    *size = (size_t)(decoding.out - reader->der);
    return whole;
}

/* Most are skipped because of their first lines. */
static bool passed_over(struct reader *reader, const char *from, const char *to)
{
    size_t size = 0;

    (void)decode(reader, from, to - from > FIRST ? from + FIRST : to, &size);
    return reader->asked->skip(reader->asked->about, reader->der, size);
}

/* The row of the label at `at`, with its closing dashes; or the number of rows. */
static size_t row_of(const struct reader *reader, const char *at)
{
    size_t row = 0;

    while (row < CC_COUNT(labels) && !starts(reader, at, labels[row].label)) {
        row++;
    }
    return row;
}

/* A block in the usual form; `block` moves behind it. */
static bool plain(struct reader *reader, const char **block)
{
    const char *label = *block + strlen(BEGIN);
    size_t row = row_of(reader, label);
    size_t size = 0;

    if (row == CC_COUNT(labels)) {
        return false;
    }
    size_t len = strlen(labels[row].label);
    const char *body = behind_line(reader, label + len);
    const char *dash = body ? memchr(body, '-', (size_t)(reader->end - body)) : NULL;

    if (!dash || dash == body || dash[-1] != '\n' || !starts(reader, dash, END) ||
        row_of(reader, dash + strlen(END)) != row) {
        return false;
    }
    const char *behind = behind_line(reader, dash + strlen(END) + len);

    make_room(reader, (size_t)(dash - body));
    if (!behind) {
        return false;
    }
    if (!passed_over(reader, body, dash)) {
        if (!decode(reader, body, dash, &size)) {
            return false;
        }
        reader->asked->take(reader->asked->about, reader->der, size, labels[row].trusted);
    }
    *block = behind;
    return true;
}

static void pass_on(const struct reader *reader, const char *name, const unsigned char *der,
                    long size)
{
    size_t len = strlen(name);

    for (size_t i = 0; i < CC_COUNT(labels); i++) {
        if (strncmp(labels[i].label, name, len) == 0 && labels[i].label[len] == '-') {
            reader->asked->take(reader->asked->about, der, (size_t)size, labels[i].trusted);
        }
    }
}

/* Any other block, which ends where the next one begins or earlier. */
static void unusual(const struct reader *reader, const char *block, const char *end)
{
    CC_CLEANUP(bio_done)
    BIO *memory = end - block <= INT_MAX ? BIO_new_mem_buf(block, (int)(end - block)) : NULL;
    unsigned char *der = NULL;
    char *name = NULL;
    char *header = NULL;
    long size = 0;

    if (memory && PEM_read_bio(memory, &name, &header, &der, &size) == 1) {
        pass_on(reader, name, der, size);
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_free(der);
    }
    ERR_clear_error();
}

void cc_real_certificates(const char *text, size_t len, const struct cc_certificates *asked)
{
    static const char mark[] = "\xef\xbb\xbf"; /* a byte order mark, which editors write */
    struct reader reader = {.end = text + len, .asked = asked};

    fill_values(reader.values);
    text += starts(&reader, text, mark) ? strlen(mark) : 0;
    for (const char *at = next_block(&reader, text); at < reader.end;
         at = next_block(&reader, at)) {
        if (!plain(&reader, &at)) {
            const char *next = next_block(&reader, at + strlen(BEGIN));

            unusual(&reader, at, next);
            at = next;
        }
    }
    free(reader.der);
}
