#include "credctl/base/text.h"
#include "credctl/policy/evaluate.h"

#include "data.h"
#include "policy.h"

#include <string.h>

/*
 * actions.txt has a line for each service: its prefix, then its actions in lower case, each as the
 * number of letters that it shares with the one before it ('0' + number) and the rest. Services
 * with a prefix only have actions that are not listed.
 */

#define NAME_ROOM 128

/* The line of the service; NULL: there is none. */
static const char *line_of(const char *service, size_t len)
{
    const struct cc_data data = cc_data_actions();
    const char *line = data.text;

    while (line < data.text + data.len) {
        if (strncasecmp(line, service, len) == 0 && (line[len] == ' ' || line[len] == '\n')) {
            return line;
        }
        line = strchr(line, '\n') + 1;
    }
    return NULL;
}

static bool any_matches(const char *line, const char *pattern)
{
    char name[NAME_ROOM] = "";
    const char *word = line + strcspn(line, " \n");

    while (*word == ' ') {
        const size_t shared = (size_t)(word[1] - '0');
        const size_t len = strcspn(word + 2, " \n");

        if (shared + len >= sizeof(name)) {
            return true;
        }
        memcpy(name + shared, word + 2, len);
        name[shared + len] = '\0';
        if (cc_pattern_matches(pattern, name, true)) {
            return true;
        }
        word += 2 + len;
    }
    return false;
}

/* Its prefix is not in the list, or its actions have other names. */
static const char *const special[] = {"apigateway", "execute-api", "ec2messages", "ssmmessages",
                                      NULL};

void cc_lint_action(struct cc_lint *lint, const struct cc_said *action)
{
    const char *colon = strchr(action->text, ':');
    const size_t len = colon ? (size_t)(colon - action->text) : 0;
    const char *service = cc_text_lower(lint->mem, cc_text_dup(lint->mem, action->text, len));

    if (!colon || !cc_value_known(action->text) || strpbrk(service, "*? ") || !len ||
        cc_one_of(service, special)) {
        return;
    }
    const char *line = line_of(service, len);
    if (!line) {
        cc_found(lint, action->node, CC_T_INVALID_SERVICE_IN_ACTION,
                 "there is no service with the prefix %.60s", service);
    } else if (line[len] == ' ' && !any_matches(line, colon + 1)) {
        cc_found(lint, action->node, CC_T_UNKNOWN_ACTION, "there is no action %.100s",
                 action->text);
    }
}
