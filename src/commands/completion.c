#include "credctl/base/text.h"
#include "credctl/commands/command.h"

#include <string.h>

struct option_reader {
    void (*each)(struct cc_buf *out, const struct cc_command *command,
                 const struct cc_shape_field *option);
    const struct cc_command *command;
    struct cc_buf *out;
};

static void each_of(const struct cc_shape *shape, const struct option_reader *reader)
{
    struct cc_shape_walk walk = cc_shape_walk_listed(shape);
    struct cc_shape_member member;

    while (cc_shape_next(&walk, &member)) {
        if (!(member.field->rules & CC_REST)) {
            reader->each(reader->out, reader->command, member.field);
        }
    }
}

/* Calls `each` for every option, those of the command itself first. */
static void each_option(const struct cc_command *command,
                        void (*each)(struct cc_buf *out, const struct cc_command *command,
                                     const struct cc_shape_field *option),
                        struct cc_buf *out)
{
    const struct option_reader reader = {each, command, out};

    each_of(command->options, &reader);
    each_of(cc_common_shape(out->mem, command), &reader);
}

/* One list for all shells: the words that can follow on the line. */
static void option_word(struct cc_buf *out, const struct cc_command *command,
                        const struct cc_shape_field *option)
{
    (void)command;
    cc_buf_addf(out, " %s", cc_option_spelled(out->mem, option));
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
        const struct cc_shape_field *rest = cc_command_words(command);

        each_option(command, option_word, &words);
        cc_buf_addf(&words, "%s%s", rest && rest->words ? " " : "",
                    rest ? cc_option_words(mem, rest, " ") : "");
    }
    return words.len ? words.text + 1 : "";
}

/* How bash and zsh set the list of words. */
struct dialect {
    const char *before;
    const char *after;
};

static const struct dialect in_bash = {"words=\"", "\""};
static const struct dialect in_zsh = {"choices=(", ")"};

/* Lines of a case over "$command $word": a word that makes the command longer. */
static void command_cases(struct cc_buf *out)
{
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        cc_buf_addf(out, "        \"%s%s\") command=\"%s\" ;;\n",
                    strchr((*c)->name, ' ') ? "" : " ", (*c)->name, (*c)->name);
    }
}

/* Lines of a case over $command: what may follow it. */
static void word_cases(const struct dialect *dialect, struct cc_buf *out)
{
    cc_buf_addf(out, "    \"\") %s%s%s ;;\n", dialect->before, words_after(out->mem, ""),
                dialect->after);
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        cc_buf_addf(out, "    \"%s\") %s%s%s ;;\n", (*c)->name, dialect->before,
                    words_after(out->mem, (*c)->name), dialect->after);
    }
}

static void choice(const struct dialect *dialect, const struct cc_command *command,
                   const struct cc_shape_field *option, struct cc_buf *out)
{
    if (cc_shape_words(out->mem, option)) {
        cc_buf_addf(out, "    \"%s %s\") %s%s%s ;;\n", command->name,
                    cc_option_spelled(out->mem, option), dialect->before,
                    cc_option_words(out->mem, option, " "), dialect->after);
    }
}

static void bash_choice(struct cc_buf *out, const struct cc_command *command,
                        const struct cc_shape_field *option)
{
    choice(&in_bash, command, option, out);
}

static void zsh_choice(struct cc_buf *out, const struct cc_command *command,
                       const struct cc_shape_field *option)
{
    choice(&in_zsh, command, option, out);
}

static void for_bash(struct cc_buf *out)
{
    cc_buf_text(out,
                "_credctl() {\n"
                "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
                "    local command= word words= i\n"
                "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                "        word=${COMP_WORDS[i]}\n"
                "        case \"$command $word\" in\n");
    command_cases(out);
    cc_buf_text(out, "        esac\n    done\n    case $command in\n");
    word_cases(&in_bash, out);
    cc_buf_text(out, "    esac\n    case \"$command $before\" in\n");
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        each_option(*c, bash_choice, out);
    }
    cc_buf_text(out, "    esac\n    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n}\n"
                     "complete -o default -F _credctl credctl\n");
}

/* In a file of fpath, this text is the body of the function; when sourced, it defines and registers
 * the function. compinit is called only when the user has not called it. */
static void for_zsh(struct cc_buf *out)
{
    cc_buf_text(out, "#compdef credctl\n"
                     "_credctl() {\n"
                     "    local command= i\n"
                     "    local -a choices\n"
                     "    for ((i = 2; i < CURRENT; i++)); do\n"
                     "        case \"$command ${words[i]}\" in\n");
    command_cases(out);
    cc_buf_text(out, "        esac\n    done\n    case $command in\n");
    word_cases(&in_zsh, out);
    cc_buf_text(out, "    esac\n    case \"$command ${words[CURRENT-1]}\" in\n");
    for (const struct cc_command *const *c = cc_commands; *c; c++) {
        each_option(*c, zsh_choice, out);
    }
    cc_buf_text(out, "    esac\n"
                     "    compadd -a choices || _files\n"
                     "}\n"
                     "if [[ ${funcstack[1]} == _credctl ]]; then\n"
                     "    _credctl \"$@\"\n"
                     "else\n"
                     "    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i; }\n"
                     "    compdef _credctl credctl\n"
                     "fi\n");
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

static void fish_option(struct cc_buf *out, const struct cc_command *command,
                        const struct cc_shape_field *option)
{
    const char *blank = strchr(command->name, ' ');
    const char *name = cc_option_spelled(out->mem, option) + strlen("--");

    if (blank) {
        cc_buf_addf(out,
                    "complete -c credctl -n '__fish_seen_subcommand_from %.*s; and "
                    "__fish_seen_subcommand_from %s' -l %s",
                    (int)(blank - command->name), command->name, blank + 1, name);
    } else {
        cc_buf_addf(out, "complete -c credctl -n '__fish_seen_subcommand_from %s' -l %s",
                    command->name, name);
    }
    if (cc_option_takes_value(option)) {
        cc_buf_text(out, " -r");
    }
    if (cc_shape_words(out->mem, option)) {
        cc_buf_addf(out, " -f -a '%s'", cc_option_words(out->mem, option, " "));
    }
    cc_buf_addf(out, " -d '%s'\n", quoted(out->mem, option->about, "\\'"));
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
        each_option(*c, fish_option, out);
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

#define SHELLS(X) X(bash) X(zsh) X(fish) X(powershell)

static const char *const names[] = {
#define X(name) #name,
    SHELLS(X)
#undef X
        NULL,
};

static void (*const writers[])(struct cc_buf *out) = {
#define X(name) for_##name,
    SHELLS(X)
#undef X
};

struct completion_options {
    const char *const *words;
};

static const struct cc_shape_field fields[] = {
    CC_ROW(TEXTS, struct completion_options, words, "bash|zsh|fish|powershell", "the shell",
           .rules = CC_REST, .words = names),
    {0},
};
static const struct cc_shape options_shape = {"completion", fields,
                                              sizeof(struct completion_options)};

static bool run(struct cc_run *run, const void *options, void *answer, struct cc_error *err)
{
    const struct completion_options *given = options;
    const char *wanted = given->words[0];
    struct cc_buf out = cc_buf_new(&run->mem, 1 << 20);

    for (size_t i = 0; names[i]; i++) {
        if (cc_text_equal(wanted, names[i])) {
            writers[i](&out);
            ((struct cc_plain *)answer)->text = out.text;
            return true;
        }
    }
    if (wanted) {
        cc_fail(err, CC_E_USAGE, "there is no completion for \"%.60s\"", wanted);
    } else {
        cc_fail(err, CC_E_USAGE, "no shell is given");
    }
    return cc_fix(err, "use one of %s", cc_option_words(&run->mem, &fields[0], ", "));
}

const struct cc_command cc_command_completion = {
    .name = "completion",
    .summary = "print the completion script of a shell",
    .details =
        "  bash:        eval \"$(credctl completion bash)\"\n"
        "  zsh:         source <(credctl completion zsh), or as a file _credctl in a folder of fpath\n"
        "  fish:        credctl completion fish | source\n"
        "  PowerShell:  credctl completion powershell | Out-String | Invoke-Expression",
    .options = &options_shape,
    .flags = CC_RAW,
    .run = run,
};
