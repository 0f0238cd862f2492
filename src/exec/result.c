#include "credctl/aws/arn.h"
#include "credctl/exec/exec.h"

const char *const cc_target_outcomes[] = {[CC_TARGET_OK] = "ok",
                                          [CC_TARGET_FAILED] = "failed",
                                          [CC_TARGET_TIMEOUT] = "timeout",
                                          [CC_TARGET_ERROR] = "error",
                                          [CC_TARGET_DONE_BEFORE] = "done_before",
                                          [CC_TARGET_NOT_RUN] = "not_run",
                                          NULL};

// clang-format off
#define RESULT(kind, member, ...) CC_ROW(kind, struct cc_target_result, member, __VA_ARGS__)

static const struct cc_shape_field result_fields[] = {
    RESULT(TEXT, target, "target", "its name in the list, or the account; with the role name "
                                   "where one account occurs twice"),
    RESULT(TEXT, account, "account", "the account", .form = &cc_account_form),
    RESULT(TEXT, role_arn, "role", "the role that was assumed"),
    RESULT(WORD, outcome, "outcome", "how it ended", .words = cc_target_outcomes),
    RESULT(TEXT, code, "code", "code of the error that prevented its start", .rules = CC_NULL),
    RESULT(MAYBE_NUMBER, status, "status", "exit status of the command"),
    RESULT(NUMBER, attempts, "attempts", "how often it was tried"),
    RESULT(MAYBE_REAL, seconds, "seconds", "how long it took"),
    {0},
};
const struct cc_shape cc_target_result_shape = {"target", result_fields,
                                                sizeof(struct cc_target_result)};

#define ANSWER(kind, member, ...) CC_ROW(kind, struct cc_exec_answer, member, NULL, __VA_ARGS__)

static const struct cc_shape_field answer_fields[] = {
    CC_ROW_LIST(struct cc_exec_answer, targets, target_count, struct cc_target_result,
                &cc_target_result_shape, NULL, "every target, in the order of the list"),
    ANSWER(NUMBER, total, "how many there are"),
    ANSWER(NUMBER, ok, "how many ended well"),
    ANSWER(NUMBER, failed, "how many did not"),
    ANSWER(NUMBER, done_before, "how many an earlier run has done"),
    ANSWER(NUMBER, not_run, "how many were not run"),
    ANSWER(TEXT, journal, "the file that records which are done"),
    {0},
};
// clang-format on
const struct cc_shape cc_exec_answer_shape = {"session exec --targets", answer_fields,
                                              sizeof(struct cc_exec_answer)};
