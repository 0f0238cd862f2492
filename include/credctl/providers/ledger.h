#ifndef CREDCTL_PROVIDERS_LEDGER_H
#define CREDCTL_PROVIDERS_LEDGER_H

/*
 * Everything that decides whose credentials a search finds is read through these functions. Each
 * hands out what it read and notes name and value, so that the sum over the notes is a key under
 * which the credentials may be kept: what was used cannot be missing from it. tests/lint/ledger.sh
 * checks that providers read in no other way.
 *
 * What changes by itself and leaves the identity as it is, is left out here and nowhere else; the
 * tables at the head of src/providers/ledger.c and ledger_token.c say what, and why.
 */

#include "credctl/aws/settings.h"
#include "credctl/base/json.h"

struct cc_search;
struct cc_assume;
struct cc_imds;

#define CC_SUM_SIZE 65

struct cc_note {
    const char *name;
    const char *of; /* the section, the file ...; "" for none */
    const char *text;
    size_t len; /* SIZE_MAX: there is none */
};

struct cc_ledger {
    struct cc_note *notes;
    size_t count;
    size_t room;
};

/* Trimmed. White space is no value: a variable that holds nothing else counts as not set. */
const char *cc_input_variable(struct cc_search *search, const char *name);
/* As it stands; NULL when it is not set or empty. */
const char *cc_input_raw_variable(struct cc_search *search, const char *name);
/* All of them but those that say where a command was started and not as whom, and the working
 * folder: nobody knows which a command reads. */
void cc_input_environment(struct cc_search *search);

/* Of a section of the shared files; NULL when there is none, or its value is blank. */
const struct cc_property *cc_input_property(struct cc_search *search,
                                            const struct cc_section *section, const char *key);
const char *cc_input_value(struct cc_search *search, const struct cc_section *section,
                           const char *key);
/* The variable, else the property of the selected profile, else NULL. */
const char *cc_input_setting(struct cc_search *search, const char *variable, const char *property);

/* What the command line says; it has been read already. */
void cc_input_option(struct cc_search *search, const char *name, const char *value);
/* Every parameter of a hop but the MFA code, which is another one every time. */
void cc_input_hop(struct cc_search *search, const struct cc_assume *hop);
/* Which metadata service is asked, as settings have it. */
void cc_input_imds(struct cc_search *search, const struct cc_imds *imds);
/*
 * Where a call to a service goes and by whom it may be answered: the configured endpoint for the
 * profile `section` (NULL: the selected one), else what makes up the usual one. `id` as in
 * cc_settings_endpoint.
 */
void cc_input_call(struct cc_search *search, const struct cc_section *section, const char *id,
                   const char *region);

/* The region for a call that a profile makes: option and variables, then that profile, then the
 * selected one. Fails with CC_E_CONFIG when what it names is not a region; NULL is "none". */
CC_MUST_USE bool cc_input_region(struct cc_search *search, const struct cc_section *section,
                                 const char **region, struct cc_error *why);

/* The content of a file; failure is noted as well. */
CC_MUST_USE bool cc_input_file(struct cc_search *search, const char *path, size_t max,
                               const char **text, struct cc_error *why);
struct cc_file_facts cc_input_facts(struct cc_search *search, const char *path);
/* A file with a token; entered as cc_token_identity has it. Trimmed. */
CC_MUST_USE bool cc_input_token(struct cc_search *search, const char *path, const char **text,
                                struct cc_error *why);
/* The same for one that is sent in a header: one line of printable text. */
CC_MUST_USE bool cc_input_secret(struct cc_search *search, const char *path,
                                 struct cc_secret *secret, struct cc_error *why);

/* The file in which a login left its token (see credctl/providers/login.h). */
struct cc_login_file {
    const char *path;
    const char *const *replaced; /* members that a refresh replaces, ends with NULL; the first is
                                    the access token */
    bool noted;
    size_t place;     /* of its note */
    cJSON *doc;       /* the run's own, free to be changed */
    const char *text; /* as it was read */
};

/*
 * Entered as what no refresh changes, and the sum of the chain of refreshes it stands in. A second
 * call reads it anew and replaces the note. Fails with CC_E_UNREADABLE or CC_E_BAD_ANSWER.
 */
CC_MUST_USE bool cc_input_login(struct cc_search *search, struct cc_login_file *file,
                                struct cc_error *why);

/* A login begins a chain, which is known by the sum of its first tokens; each refresh of ours goes
 * on with it. */
const char *cc_login_chain(struct cc_arena *mem, const struct cc_login_file *file);
/* To be called when a refresh has replaced the members: the file goes on with that chain. */
void cc_login_chain_on(struct cc_arena *mem, struct cc_login_file *file, const char *chain);
/* The file as it is to be written: what is the same in `doc` as in `text` stands as it stood there,
 * byte for byte. */
const char *cc_login_text(struct cc_arena *mem, const struct cc_login_file *file);
/* The text that enters the sum. */
const char *cc_login_identity(struct cc_arena *mem, const struct cc_login_file *file);

/* What of a token AWS takes into a session: of a JWT the claims that stay when it is issued anew;
 * of anything else, all. */
struct cc_bytes cc_token_identity(struct cc_arena *mem, const char *token, size_t len);

/* SHA-256 in hex over all notes. */
void cc_ledger_sum(const struct cc_ledger *ledger, char sum[CC_SUM_SIZE]);
void cc_sum_of(const char *text, size_t len, char sum[CC_SUM_SIZE]);

#endif
