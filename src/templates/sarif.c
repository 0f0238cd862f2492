#include "credctl/templates/sarif.h"

#include "credctl/base/shape_read.h"
#include "credctl/base/text.h"

/* Fields are those of the standard; GitHub also reads security-severity. */

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

static const char *const levels[] = {
    [CC_SEVERITY_ERROR] = "error",
    [CC_SEVERITY_SECURITY] = "error",
    [CC_SEVERITY_WARNING] = "warning",
    [CC_SEVERITY_NOTE] = "note",
};

struct writing {
    struct cc_json_writer writer;
    struct cc_teller teller;
};

static void begin(struct writing *writing, const char *name, bool list)
{
    if (name) {
        writing->teller.name(&writing->writer, name);
    }
    writing->teller.begin(&writing->writer, list);
}

static void end(struct writing *writing, bool list)
{
    writing->teller.end(&writing->writer, list);
}

static void text(struct writing *writing, const char *name, const char *value)
{
    writing->teller.name(&writing->writer, name);
    writing->teller.text(&writing->writer, value);
}

static void number(struct writing *writing, const char *name, int value)
{
    writing->teller.name(&writing->writer, name);
    writing->teller.literal(&writing->writer, cc_textf(writing->writer.out->mem, "%d", value));
}

/* {"text": ...} */
static void message(struct writing *writing, const char *name, const char *value)
{
    begin(writing, name, false);
    text(writing, "text", value);
    end(writing, false);
}

static void write_rule(struct writing *writing, const struct cc_template_row *row)
{
    begin(writing, NULL, false);
    text(writing, "id", row->name);
    message(writing, "shortDescription", row->about);
    message(writing, "help", row->fix);
    begin(writing, "defaultConfiguration", false);
    text(writing, "level", levels[row->severity]);
    end(writing, false);
    if (row->severity == CC_SEVERITY_SECURITY) {
        begin(writing, "properties", false);
        text(writing, "security-severity", "7.0");
        end(writing, false);
    }
    end(writing, false);
}

/* Only the rules of these findings, by their number in the table. */
static void write_rules(struct writing *writing, const struct cc_template_finding *findings,
                        size_t count)
{
    bool used[CC_T_COUNT] = {false};

    for (size_t i = 0; i < count; i++) {
        used[cc_template_code_named(findings[i].code)] = true;
    }
    begin(writing, "rules", true);
    for (int code = 0; code < CC_T_COUNT; code++) {
        if (used[code]) {
            write_rule(writing, &cc_template_rows[code]);
        }
    }
    end(writing, true);
}

static void write_place(struct writing *writing, const struct cc_template_finding *finding)
{
    const char *file = cc_text_equal(finding->file, "-") ? "stdin" : finding->file;

    begin(writing, "locations", true);
    begin(writing, NULL, false);
    begin(writing, "physicalLocation", false);
    begin(writing, "artifactLocation", false);
    text(writing, "uri", cc_text_percent(writing->writer.out->mem, file, true));
    end(writing, false);
    begin(writing, "region", false);
    number(writing, "startLine", finding->line);
    number(writing, "startColumn", finding->column);
    end(writing, false);
    end(writing, false);
    if (finding->path[0]) {
        begin(writing, "logicalLocations", true);
        begin(writing, NULL, false);
        text(writing, "fullyQualifiedName", finding->path);
        end(writing, false);
        end(writing, true);
    }
    end(writing, false);
    end(writing, true);
}

static void write_result(struct writing *writing, const struct cc_template_finding *finding)
{
    begin(writing, NULL, false);
    text(writing, "ruleId", finding->code);
    text(writing, "level", levels[finding->severity]);
    message(writing, "message",
            cc_textf(writing->writer.out->mem, "%s. To correct it: %s.", finding->message,
                     finding->fix));
    write_place(writing, finding);
    end(writing, false);
}

void cc_template_sarif(const struct cc_template_finding *findings, size_t count, struct cc_buf *out)
{
    struct writing writing = {.writer = {.out = out, .indented = true}};

    writing.teller = cc_json_teller(&writing.writer);
    begin(&writing, NULL, false);
    text(&writing, "$schema", SCHEMA);
    text(&writing, "version", "2.1.0");
    begin(&writing, "runs", true);
    begin(&writing, NULL, false);
    begin(&writing, "tool", false);
    begin(&writing, "driver", false);
    text(&writing, "name", "credctl");
    text(&writing, "version", CREDCTL_VERSION);
    write_rules(&writing, findings, count);
    end(&writing, false);
    end(&writing, false);
    text(&writing, "columnKind", "unicodeCodePoints");
    begin(&writing, "results", true);
    for (size_t i = 0; i < count; i++) {
        write_result(&writing, &findings[i]);
    }
    end(&writing, true);
    end(&writing, false);
    end(&writing, true);
    end(&writing, false);
    cc_buf_text(out, "\n");
}
