#ifndef CREDCTL_PROVIDERS_LEDGER_H
#define CREDCTL_PROVIDERS_LEDGER_H

/*
 * Everything that decides which identity a search finds is read through these functions. Each
 * returns what it read and notes name and value, so that the hash of the notes is a key for the
 * cache: an input that was used cannot be missing from it. tests/lint/ledger.sh checks that
 * providers read in no other way.
 *
 * Inputs that change without changing the identity are left out here and nowhere else; the tables
 * at the top of src/providers/ledger.c and ledger_token.c list them with the reasons.
 */

#include "credctl/aws/settings.h"
#include "credctl/base/json.h"

struct cc_search;
struct cc_assume;
struct cc_imds;

#define CC_SUM_SIZE 65

struct cc_note {
    const char *name;
    const struct cc_section *section; /* the section that has the property `of`; or NULL */
    const char *of;                   /* the variable, the file ...; "" for none */
    const char *text;
    size_t len; /* SIZE_MAX: there is none */
};

struct cc_ledger {
    struct cc_note *notes;
    size_t count;
    size_t room;
    /* The error of the first input that was returned and is not valid; or NULL. */
    const struct cc_error *blemish;
};

/* Trimmed. A variable with only white space counts as not set. */
const char *cc_input_variable(struct cc_search *search, const char *name);
/* Unchanged; NULL when it is not set or empty. */
const char *cc_input_raw_variable(struct cc_search *search, const char *name);
/* Notes the working folder and all variables except those that do not affect the identity, because
 * a command can read any of them. */
void cc_input_environment(struct cc_search *search);

/*
 * A property of a section of the shared files; NULL when there is none, or its value is blank. Only
 * a credential_process can have more than one line: in other properties that is a mistake (an
 * indented comment below is part of the value) and an error of the plan that reads it
 * (cc_input_clean).
 */
const struct cc_property *cc_input_property(struct cc_search *search,
                                            const struct cc_section *section, const char *key);
const char *cc_input_value(struct cc_search *search, const struct cc_section *section,
                           const char *key);
/* The same for comparisons only: the value is not checked. */
const char *cc_input_compared(struct cc_search *search, const struct cc_section *section,
                              const char *key);
/* False, with CC_E_CONFIG, when a property that was read since the start of the plan has more than
 * one line, or a property or variable contains an invisible character. */
CC_MUST_USE bool cc_input_clean(const struct cc_search *search, struct cc_error *why);

/* Notes an option of the command line, which has been read already. */
void cc_input_option(struct cc_search *search, const char *name, const char *value);
/* Notes all parameters of a hop but the MFA code, which is different each time. */
void cc_input_hop(struct cc_search *search, const struct cc_assume *hop);
/* Notes the settings that select the metadata service. */
void cc_input_imds(struct cc_search *search, const struct cc_imds *imds);
/*
 * Notes the destination of a call to a service and its certificates: the configured endpoint for
 * the profile `section` (NULL: the selected one), else the settings of the usual endpoint. `id` as
 * in cc_settings_endpoint.
 */
void cc_input_call(struct cc_search *search, const struct cc_section *section, const char *id,
                   const char *region);

/* The region for a call of a profile: from option and variables, then that profile, then the
 * selected one; NULL when there is none. Fails with CC_E_CONFIG when it is not valid. */
CC_MUST_USE bool cc_input_region(struct cc_search *search, const struct cc_section *section,
                                 const char **region, struct cc_error *why);

/* The content of a file; a failure is noted too. */
CC_MUST_USE bool cc_input_file(struct cc_search *search, const char *path, size_t max,
                               const char **text, struct cc_error *why);
struct cc_file_facts cc_input_facts(struct cc_search *search, const char *path);
/* A file with a token, which is noted as cc_token_identity returns it. Trimmed. */
CC_MUST_USE bool cc_input_token(struct cc_search *search, const char *path, const char **text,
                                struct cc_error *why);
/* The same for a token that is sent in a header: one line of printable text. */
CC_MUST_USE bool cc_input_secret(struct cc_search *search, const char *path,
                                 struct cc_secret *secret, struct cc_error *why);

/* The token file of a login (see credctl/providers/login.h). */
struct cc_login_file {
    const char *path;
    const char *const *replaced; /* members that a refresh replaces, ends with NULL; the first is
                                    the access token */
    bool noted;
    size_t place;     /* of its note */
    cJSON *doc;       /* belongs to the run and can be changed */
    const char *text; /* as it was read */
};

/*
 * Notes the parts that a refresh does not change, and the sum of its chain of refreshes. A second
 * call reads the file again and replaces the note. Fails with CC_E_UNREADABLE or CC_E_BAD_ANSWER.
 */
CC_MUST_USE bool cc_input_login(struct cc_search *search, struct cc_login_file *file,
                                struct cc_error *why);

/* A login starts a chain, which is identified by the sum of its first tokens; each refresh by
 * credctl continues it. */
const char *cc_login_chain(struct cc_arena *mem, const struct cc_login_file *file);
/* To be called after a refresh has replaced the members: the file continues that chain. */
void cc_login_chain_on(struct cc_arena *mem, struct cc_login_file *file, const char *chain);
/* The file as it is to be written: what `doc` and `text` have in common is copied from `text`, byte
 * for byte. */
const char *cc_login_text(struct cc_arena *mem, const struct cc_login_file *file);
/* The text that is part of the sum. */
const char *cc_login_identity(struct cc_arena *mem, const struct cc_login_file *file);

/* The part of a token that decides the session: of a JWT, the claims that stay the same when it is
 * issued again; of other tokens, all of it. */
struct cc_bytes cc_token_identity(struct cc_arena *mem, const char *token, size_t len);

/* SHA-256 in hex over all notes. */
void cc_ledger_sum(const struct cc_ledger *ledger, char sum[CC_SUM_SIZE]);
void cc_sum_of(const char *text, size_t len, char sum[CC_SUM_SIZE]);

#endif
