#ifndef ACCESS_FINDINGS_H
#define ACCESS_FINDINGS_H

#include "credctl/access/evidence.h"

enum cc_finding_state {
    CC_FINDING_OPEN,  /* not excluded */
    CC_FINDING_MAYBE, /* the documents leave it to something that is not known here */
    CC_FINDING_LIKELY,
    CC_FINDING_PROVED,
};

/* A cause that is not excluded. */
struct cc_finding {
    enum cc_cause cause;
    enum cc_finding_state state;
    bool alone;                            /* LIKELY: excludes what is only open */
    const struct cc_statement_verdict *by; /* the statement; or NULL */
    const struct cc_condition *condition;  /* that fails; or NULL */
    const char *at;                        /* what the policy is attached to; or NULL */
    const char *note;                      /* how it is known, in words */
};

#define CC_FINDINGS_MAX 48

struct cc_findings {
    struct cc_arena *mem;
    const struct cc_evidence *evidence;
    enum cc_needed_action action; /* that was denied */
    bool same_account;
    bool doubt;         /* the family is known, but not which of its causes is likely */
    struct cc_case one; /* of that action; layers that are not known are absent */
    struct cc_decision decision;
    struct cc_finding rows[CC_FINDINGS_MAX];
    size_t count;
};

void cc_findings_make(struct cc_arena *mem, const struct cc_evidence *whole,
                      struct cc_findings *findings);
/* Those that remain, in order. */
size_t cc_findings_choose(const struct cc_findings *findings, const struct cc_finding **chosen,
                          enum cc_certainty *certainty);

struct cc_finding *cc_finding_add(struct cc_findings *findings, enum cc_cause cause,
                                  enum cc_finding_state state, const char *note);

/* The causes on the role's side. */
void cc_findings_trust(struct cc_findings *findings);
/* Whether the caller's identity-based policies and boundary are proved to allow the action. */
bool cc_findings_source_fine(const struct cc_findings *findings);
/* Whether the call depends on an Allow of this layer: within an account, a trust policy that names
 * the caller itself needs no other. */
enum cc_tri cc_findings_needs(const struct cc_findings *findings, enum cc_layer_kind kind);
/* What SimulatePrincipalPolicy adds where documents could not be read. */
void cc_findings_simulated(struct cc_findings *findings);

/* A case of an action, with the layers that are known. */
struct cc_case cc_evidence_case(struct cc_arena *mem, const struct cc_evidence *evidence,
                                enum cc_needed_action action);

/* The needed actions that the policies of a family lack, as far as is known; their number. */
size_t cc_findings_lacking(const struct cc_findings *findings, enum cc_family family,
                           const char *actions[CC_NEEDED_ACTIONS]);
/* The ARN of the caller is complete. */
bool cc_findings_exact(const struct cc_findings *findings);

/* A copy of the statement of `first` with the smallest exception for this call; NULL: none would
 * do. */
const cJSON *cc_exception(const struct cc_findings *findings, const struct cc_finding *first,
                          enum cc_layer_kind kind);
cJSON *cc_statement_new(struct cc_arena *mem);
/* A text, or a list of several. */
void cc_statement_put_texts(cJSON *statement, const char *name, const char *const *texts,
                            size_t count);
void cc_statement_put_condition(cJSON *statement, const char *operator, const char * key,
                                const char *value);
/* It is released with the arena. */
cJSON *cc_statement_kept(struct cc_arena *mem, cJSON *statement);

/* Fills statement, attach_to, policy_kind, replace and replaces for the first cause. */
void cc_diagnosis_statement(const struct cc_findings *findings, const struct cc_finding *first,
                            struct cc_diagnosis *diagnosis);
/* Fills why and fix. */
void cc_diagnosis_words(const struct cc_findings *findings, const struct cc_finding *const *chosen,
                        struct cc_diagnosis *diagnosis);

#endif
