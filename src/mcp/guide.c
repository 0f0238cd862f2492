#include "guide.h"

#include "credctl/base/json.h"
#include "credctl/base/text.h"

#include "parts.h"

#define TEXT_MAX 65536

static void say_scope(const cJSON *arguments, struct cc_buf *out)
{
    for (const cJSON *one = arguments ? arguments->child : NULL; one; one = one->next) {
        if (cJSON_IsString(one) && one->valuestring[0]) {
            cc_buf_addf(out, "- In every call that has it, set %s to %s.\n", one->string,
                        one->valuestring);
        }
    }
}

static void say_steps(const struct cc_mcp_offer *offer, const struct cc_mcp_guide *guide,
                      struct cc_buf *out)
{
    int number = 0;

    for (const struct cc_mcp_step *step = guide->steps; step->says; step++) {
        if (!step->tool) {
            cc_buf_addf(out, "%d. %s\n", ++number, step->says);
        } else if (cc_mcp_tool_named(offer, step->tool)) {
            cc_buf_addf(out, "%d. Call %s. %s\n", ++number, step->tool, step->says);
        }
    }
}

const char *cc_mcp_guide_messages(struct cc_arena *mem, const struct cc_mcp_offer *offer,
                                  const struct cc_mcp_prompt *prompt, const cJSON *arguments)
{
    const struct cc_mcp_guide *guide = prompt->kind;
    struct cc_buf out = cc_buf_new(mem, TEXT_MAX);

    cc_buf_addf(&out, "%s\n\n", guide->aim);
    say_steps(offer, guide, &out);
    cc_buf_text(&out, "\nRules:\n"
                      "- Every call only reads. Do not suggest that anything was changed.\n"
                      "- A status of unknown, or a call that was denied, is neither enabled nor "
                      "disabled: name the missing IAM action instead.\n"
                      "- When a result is truncated, say so, or read on with its next_cursor.\n"
                      "- State the account, the principal and the region of every result.\n");
    say_scope(arguments, &out);
    return cc_textf(mem, "[{\"role\":\"user\",\"content\":{\"type\":\"text\",\"text\":%s}}]",
                    cc_mcp_quoted(mem, out.text));
}

const char *const *cc_mcp_guide_words(struct cc_arena *mem, const struct cc_command *command,
                                      const char *option)
{
    struct cc_shape_walk walk = cc_shape_walk(command->options, NULL);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        if (cc_text_equal(member.field->name, option)) {
            return cc_shape_words(mem, member.field);
        }
    }
    return NULL; /* a test asks for each */
}
