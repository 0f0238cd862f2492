#include "credctl/base/text.h"
#include "credctl/commands/command.h"

#include <string.h>

/* One list for all shells: the words that may follow what stands on the line already. */
static void option_word(void *about, const struct cc_option *option)
{
    cc_buf_addf(about, " --%s", option->name);
}

static const char *words_after(struct cc_arena *mem, const char *prefix)
{
    struct cc_buf words = cc_buf_new(mem, 65536);
    size_t len = strlen(prefix);

    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        const char *name = (*c)->name;

        if (len == 0 && !strchr(name, ' ')) {
            cc_buf_addf(&words, " %s", name);
        } else if (len > 0 && strncmp(name, prefix, len) == 0 && name[len] == ' ') {
            cc_buf_addf(&words, " %s", name + len + 1);
        }
    }
    const struct cc_command *command = cc_command_named(prefix);
    if (command) {
        cc_options_each(command, option_word, &words);
    }
    return words.len ? words.text + 1 : "";
}

struct option_case {
    struct cc_buf *out;
    const struct cc_command *command;
};

static void bash_choice(void *about, const struct cc_option *option)
{
    const struct option_case *at = about;

    if (option->choices) {
        cc_buf_addf(at->out, "        \"%s --%s\") words=\"%s\" ;;\n", at->command->name,
                    option->name, cc_choices(at->out->mem, option, " "));
    }
}

/* zsh runs the same function through bashcompinit. */
static void bash(struct cc_buf *out)
{
    cc_buf_text(out,
                "_credctl() {\n"
                "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
                "    local command= word words= i\n"
                "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                "        word=${COMP_WORDS[i]}\n"
                "        case \"$command $word\" in\n");
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        const char *blank = strchr((*c)->name, ' ');

        cc_buf_addf(out,
                    blank ? "        \"%s\") command=\"%s\" ;;\n"
                          : "        \" %s\") command=\"%s\" ;;\n",
                    (*c)->name, (*c)->name);
    }
    cc_buf_text(out, "        esac\n    done\n    case $command in\n");
    cc_buf_addf(out, "    \"\") words=\"%s\" ;;\n", words_after(out->mem, ""));
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        cc_buf_addf(out, "    \"%s\") words=\"%s\" ;;\n", (*c)->name,
                    words_after(out->mem, (*c)->name));
    }
    cc_buf_text(out, "    esac\n    case \"$command $before\" in\n");
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        struct option_case at = {out, *c};

        cc_options_each(*c, bash_choice, &at);
    }
    cc_buf_text(out, "    esac\n    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n}\n");
}

static void for_bash(struct cc_buf *out)
{
    bash(out);
    cc_buf_text(out, "complete -o default -F _credctl credctl\n");
}

static void for_zsh(struct cc_buf *out)
{
    cc_buf_text(out, "#compdef credctl\nautoload -U +X compinit && compinit -u\n"
                     "autoload -U +X bashcompinit && bashcompinit\n");
    bash(out);
    cc_buf_text(out, "complete -o default -F _credctl credctl\n");
}

/* Single quotes for fish and PowerShell. */
static const char *quoted(struct cc_arena *mem, const char *text, const char *quote)
{
    struct cc_buf safe = cc_buf_new(mem, 8192);

    for (; *text; text++) {
        if (*text == '\'') {
            cc_buf_text(&safe, quote);
        } else {
            cc_buf_add(&safe, text, 1);
        }
    }
    return safe.text;
}

static void fish_option(void *about, const struct cc_option *option)
{
    const struct option_case *at = about;
    struct cc_buf *out = at->out;
    const char *blank = strchr(at->command->name, ' ');

    if (blank) {
        cc_buf_addf(out,
                    "complete -c credctl -n '__fish_seen_subcommand_from %.*s; and "
                    "__fish_seen_subcommand_from %s' -l %s",
                    (int)(blank - at->command->name), at->command->name, blank + 1, option->name);
    } else {
        cc_buf_addf(out, "complete -c credctl -n '__fish_seen_subcommand_from %s' -l %s",
                    at->command->name, option->name);
    }
    if (option->value) {
        cc_buf_text(out, " -r");
    }
    if (option->choices) {
        cc_buf_addf(out, " -f -a '%s'", cc_choices(out->mem, option, " "));
    }
    cc_buf_addf(out, " -d '%s'\n", quoted(out->mem, option->help, "\\'"));
}

static void for_fish(struct cc_buf *out)
{
    cc_buf_text(out, "complete -c credctl -f\n");
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        const char *blank = strchr((*c)->name, ' ');
        const char *help = quoted(out->mem, (*c)->summary, "\\'");

        if (blank) {
            cc_buf_addf(out,
                        "complete -c credctl -n '__fish_seen_subcommand_from %.*s' -a %s -d '%s'\n",
                        (int)(blank - (*c)->name), (*c)->name, blank + 1, help);
        } else {
            cc_buf_addf(out, "complete -c credctl -n __fish_use_subcommand -a %s -d '%s'\n",
                        (*c)->name, help);
        }
        struct option_case at = {out, *c};
        cc_options_each(*c, fish_option, &at);
    }
}

static void for_powershell(struct cc_buf *out)
{
    cc_buf_text(out, "Register-ArgumentCompleter -Native -CommandName credctl -ScriptBlock {\n"
                     "    param($wordToComplete, $commandAst, $cursorPosition)\n"
                     "    $words = @{\n");
    cc_buf_addf(out, "        '' = '%s'\n", words_after(out->mem, ""));
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        cc_buf_addf(out, "        '%s' = '%s'\n", (*c)->name, words_after(out->mem, (*c)->name));
    }
    cc_buf_text(
        out, "    }\n"
             "    $command = ''\n"
             "    foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {\n"
             "        $next = \"$command $element\".Trim()\n"
             "        if ($words.ContainsKey($next)) { $command = $next }\n"
             "    }\n"
             "    $words[$command] -split ' ' | Where-Object { $_ -like \"$wordToComplete*\" } |\n"
             "        ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }\n"
             "}\n");
}

static const struct {
    const char *name;
    void (*write)(struct cc_buf *out);
} shells[] = {
    {"bash", for_bash}, {"zsh", for_zsh}, {"fish", for_fish}, {"powershell", for_powershell}};

static bool run(struct cc_run *run, const struct cc_args *args, cJSON *result, struct cc_error *err)
{
    const char *wanted = cc_words(args)[0];
    struct cc_buf out = cc_buf_new(&run->mem, 1 << 20);

    for (size_t i = 0; i < CC_COUNT(shells); i++) {
        if (cc_text_equal(wanted, shells[i].name)) {
            shells[i].write(&out);
            cJSON_AddStringToObject(result, "text", out.text);
            return true;
        }
    }
    cc_fail(err, CC_E_USAGE, "no completion for \"%s\"", wanted ? wanted : "");
    return cc_fix(err, "name one of bash, zsh, fish, powershell");
}

const struct cc_command cc_command_completion = {
    .name = "completion",
    .summary = "print the completion script of a shell",
    .words = "bash|zsh|fish|powershell",
    .details = "  bash:        eval \"$(credctl completion bash)\"\n"
               "  zsh:         source <(credctl completion zsh)\n"
               "  fish:        credctl completion fish | source\n"
               "  PowerShell:  credctl completion powershell | Out-String | Invoke-Expression",
    .flags = CC_RAW | CC_NO_CHAIN,
    .run = run,
};
