#include "credctl/report/page.h"

#include "credctl/base/digest.h"
#include "credctl/base/text.h"
#include "credctl/report/markup.h"

#include <string.h>

// clang-format off
static const char style[] =
    ":root{color-scheme:light dark;--back:#fff;--text:#1a1d21;--mute:#57606a;--line:#d5dae0;--card:#f6f8fa;"
    "--link:#0550ae;--good:#0b6b3a;--bad:#b0231a;--warn:#7d4e00;"
    "--critical:#6f1d9b;--good-back:#e3f4ea;--bad-back:#fdeae8;--warn-back:#fff2d6;--critical-back:#f4e6fb}\n"
    "@media (prefers-color-scheme:dark){:root{--back:#14171b;--text:#e7eaee;--mute:#a4adb8;--line:#363d46;"
    "--card:#1c2026;--link:#8ab8ff;--good:#79d8a4;--bad:#ffa198;--warn:#f0c05f;"
    "--critical:#d9a8f5;--good-back:#11321f;--bad-back:#40191a;--warn-back:#3a2b0b;--critical-back:#321444}}\n"
    "*{box-sizing:border-box}\n"
    "html{background:var(--back);color:var(--text);font:15px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,sans-serif}\n"
    "body{margin:0 auto;padding:1.5rem;max-width:76rem}\n"
    "a{color:var(--link)}\n"
    "h1{font-size:1.6rem;line-height:1.2;margin:0 0 .75rem}\n"
    "h2{font-size:1.2rem;margin:2.25rem 0 .75rem}\n"
    "h3{font-size:1rem;margin:0;overflow-wrap:anywhere}\n"
    "p{margin:.5rem 0}\n"
    "code,pre,.id{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,\"Liberation Mono\",monospace;font-size:.9em}\n"
    ".id{overflow-wrap:anywhere}\n"
    ".mute{color:var(--mute)}\n"
    ".good{--tone:var(--good);--tone-back:var(--good-back)}\n"
    ".bad{--tone:var(--bad);--tone-back:var(--bad-back)}\n"
    ".warn{--tone:var(--warn);--tone-back:var(--warn-back)}\n"
    ".critical{--tone:var(--critical);--tone-back:var(--critical-back)}\n"
    ".chart{display:block;width:100%;max-width:48rem;height:auto;font-size:12px}\n"
    ".chart text{fill:var(--text)}.chart rect{fill:var(--tone,var(--mute))}\n"
    "dl{margin:0}dd{margin:0;overflow-wrap:anywhere}\n"
    ".facts{display:flex;flex-wrap:wrap;gap:.35rem 2rem}\n"
    ".facts dt{font-size:.85rem;color:var(--mute)}\n"
    /* filters: radio buttons before everything, their labels in the header */
    ".pick{position:absolute;opacity:0;pointer-events:none}\n"
    ".parts{display:flex;flex-wrap:wrap;gap:.6rem;margin:1.25rem 0 0;padding:0;border:0}\n"
    ".parts legend{padding:0;margin-bottom:.35rem;font-size:.85rem;color:var(--mute)}\n"
    ".parts label{min-width:6.5rem;padding:.45rem .9rem .55rem;border:1px solid var(--line);border-radius:.5rem;"
    "background:var(--tone-back,var(--card));cursor:pointer}\n"
    ".parts b{display:block;font-size:1.5rem;line-height:1.25;color:var(--tone,var(--text))}\n"
    ".find{display:block;margin-top:1rem}.find[hidden]{display:none}\n"
    ".find input{font:inherit;color:inherit;background:var(--back);border:1px solid var(--mute);border-radius:.4rem;"
    "padding:.3rem .6rem;width:24rem;max-width:100%;margin-left:.5rem}\n"
    ".off{display:none!important}\n"
    "article{margin:.9rem 0;padding:.9rem 1.1rem;border:1px solid var(--line);border-left:.3rem solid var(--tone,var(--mute));"
    "border-radius:.5rem;background:var(--card)}\n"
    "article:target,tr:target td,tr:target th{background:var(--warn-back)}\n"
    ".tag{display:inline-block;padding:0 .45rem;border-radius:.35rem;background:var(--tone-back,var(--card));"
    "color:var(--tone,var(--text));font-weight:600;overflow-wrap:anywhere}\n"
    ".why{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.35rem 1rem;margin:.7rem 0 0}\n"
    ".why dt{color:var(--mute)}\n"
    ".place{margin:.8rem 0 .3rem;overflow-wrap:anywhere}\n"
    "pre{margin:0;padding:.7rem .9rem;border:1px solid var(--line);border-radius:.4rem;background:var(--back);"
    "white-space:pre-wrap;overflow-wrap:anywhere;max-height:30rem;overflow:auto;user-select:all}\n"
    "details{margin-top:.8rem}summary{cursor:pointer;color:var(--link)}\n"
    ".wide{overflow:auto;max-height:75vh;border:1px solid var(--line);border-radius:.5rem}\n"
    "article .wide{margin-top:.8rem;background:var(--back)}\n"
    "table{border-collapse:separate;border-spacing:0;width:100%;text-align:left}\n"
    "th,td{padding:.35rem .7rem;border-bottom:1px solid var(--line);vertical-align:top}\n"
    "tbody tr:last-child>*{border-bottom:0}\n"
    "thead th{position:sticky;top:0;background:var(--card);font-size:.85rem;color:var(--mute);z-index:1}\n"
    "td{overflow-wrap:anywhere}tbody th{font-weight:400;min-width:9rem}.when{white-space:nowrap}\n"
    ".matrix tbody th{white-space:nowrap;position:sticky;left:0;background:var(--card)}\n"
    ".matrix td{border-left:1px solid var(--line)}\n"
    ".matrix code{white-space:nowrap}\n"
    ".matrix td>div+div{margin-top:.35rem}\n"
    ".outcome{display:inline-block;padding:0 .5rem;border-radius:.35rem;font-weight:600;text-decoration:none;"
    "white-space:nowrap;background:var(--tone-back,var(--card));color:var(--tone,var(--mute))}\n"
    "a.outcome{text-decoration:underline}\n"
    ".outcome.good::before{content:\"\\2713\\a0\"}.outcome.bad::before{content:\"\\2717\\a0\"}"
    ".outcome.warn::before{content:\"!\\a0\"}\n"
    "footer{margin-top:2.5rem;font-size:.85rem;color:var(--mute)}\n"
    ":focus-visible{outline:.15rem solid var(--link);outline-offset:.1rem}\n"
    "@media print{:root{--back:#fff;--text:#000;--mute:#444;--line:#bbb;--card:#fff;--link:#000;--good:#0b6b3a;"
    "--bad:#b0231a;--warn:#7d4e00;--critical:#6f1d9b;--good-back:#fff;--bad-back:#fff;--warn-back:#fff;--critical-back:#fff}"
    "html{font-size:10pt}body{max-width:none;padding:0}.find,legend,summary{display:none}"
    ".wide,pre{max-height:none;overflow:visible}thead th,.matrix tbody th{position:static}"
    ".matrix code{white-space:normal}"
    "details::details-content{content-visibility:visible;block-size:auto}"
    "article,tr,.parts{break-inside:avoid}h2,h3,.place{break-after:avoid}a{text-decoration:none}}\n";

/* It only adds a field: to find a text in the rows. */
static const char script[] =
    "(function(){var box=document.getElementById('find');box.parentNode.hidden=false;"
    "box.addEventListener('input',function(){var want=box.value.toLowerCase();"
    "document.querySelectorAll('.row').forEach(function(row){"
    "row.classList.toggle('off',row.textContent.toLowerCase().indexOf(want)===-1);});});})();";
// clang-format on

/* --- the filters --- */

/* Without a script: a radio button that is set hides every row without its class, and marks its
 * label. */
static const char *filters(struct cc_arena *mem, size_t count)
{
    struct cc_buf out = cc_buf_new(mem, 65536);

    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            cc_buf_addf(&out, "#f%zu:checked~main .row:not(.f%zu){display:none}\n", i, i);
        }
        cc_buf_addf(&out,
                    "#f%zu:checked~header [for=f%zu]{border-color:var(--text);"
                    "box-shadow:inset 0 0 0 1px var(--text)}\n"
                    "#f%zu:focus-visible~header [for=f%zu]{outline:.15rem solid var(--link);"
                    "outline-offset:.1rem}\n",
                    i, i, i, i);
    }
    return out.text;
}

static size_t count_parts(const struct cc_page *page)
{
    size_t count = 0;

    while (count < CC_PAGE_PARTS_MAX && page->parts[count].label) {
        count++;
    }
    return count;
}

/* The source of a style or script, for the policy of the page. */
static const char *source_of(struct cc_arena *mem, const char *text)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    struct cc_sum sum;

    cc_sum_begin(&sum);
    cc_sum_add(&sum, text, strlen(text));
    cc_sum_end(&sum, digest);
    const char *url = cc_text_base64url(mem, digest, sizeof(digest));
    char *plain = cc_text_dup(mem, url, strlen(url));
    for (char *c = strpbrk(plain, "-_"); c; c = strpbrk(c, "-_")) {
        *c = *c == '-' ? '+' : '/';
    }
    return cc_textf(mem, "'sha256-%s='", plain);
}

static void head(struct cc_buf *out, const struct cc_page *page)
{
    const char *rules = cc_textf(out->mem, "%s%s", style, filters(out->mem, count_parts(page)));

    cc_buf_text(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
    cc_buf_addf(out,
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                "style-src %s; script-src %s; base-uri 'none'; form-action 'none'\"/>\n",
                source_of(out->mem, rules), source_of(out->mem, script));
    cc_buf_text(out, "<meta name=\"referrer\" content=\"no-referrer\"/>\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
    cc_markup(out, "<title>%s</title>\n", page->title);
    cc_buf_addf(out, "<style>%s</style>\n</head>\n<body>\n", rules);
}

static void show_parts(struct cc_buf *out, const struct cc_page *page)
{
    cc_buf_text(out, "<fieldset class=\"parts\">\n<legend>Show</legend>\n");
    for (size_t i = 0; i < count_parts(page); i++) {
        const struct cc_page_part *part = &page->parts[i];
        const char *id = cc_textf(out->mem, "f%zu", i);

        cc_markup(out, "<label for=\"%s\" class=\"%s\"><b>%s</b> %s</label>\n", id, part->tone,
                  cc_page_number(out->mem, part->count), part->label);
    }
    cc_buf_text(out, "</fieldset>\n");
}

void cc_page_begin(struct cc_buf *out, const struct cc_page *page)
{
    head(out, page);
    for (size_t i = 0; i < count_parts(page); i++) {
        cc_buf_addf(out, "<input type=\"radio\" name=\"f\" class=\"pick\" id=\"f%zu\"%s/>\n", i,
                    i == 0 ? " checked=\"checked\"" : "");
    }
    cc_markup(out, "<header>\n<h1>%s</h1>\n<dl class=\"facts\">\n", page->title);
    for (const struct cc_page_fact *fact = page->facts; fact->name; fact++) {
        cc_markup(out, "<div><dt>%s</dt><dd class=\"id\">%s</dd></div>\n", fact->name, fact->value);
    }
    cc_buf_text(out, "</dl>\n");
    show_parts(out, page);
    cc_buf_text(out,
                "<label class=\"find\" hidden=\"hidden\">Find<input type=\"search\" id=\"find\" "
                "autocomplete=\"off\"/></label>\n</header>\n<main>\n");
}

void cc_page_end(struct cc_buf *out)
{
    cc_buf_addf(out,
                "</main>\n<footer>Made by credctl " CREDCTL_VERSION ".</footer>\n"
                "<script>%s</script>\n</body>\n</html>\n",
                script);
}

/* --- parts of it --- */

void cc_page_term(struct cc_buf *out, const char *term, const char *text)
{
    if (text && text[0]) {
        cc_markup(out, "<dt>%s</dt><dd>%s</dd>\n", term, text);
    }
}

const char *cc_page_classes(struct cc_arena *mem, unsigned parts)
{
    struct cc_buf out = cc_buf_new(mem, 256);

    for (unsigned i = 0; i < CC_PAGE_PARTS_MAX; i++) {
        if (parts >> i & 1U) {
            cc_buf_addf(&out, " f%u", i);
        }
    }
    return out.text;
}

const char *cc_page_number(struct cc_arena *mem, int64_t number)
{
    const char *digits = cc_textf(mem, "%lld", (long long)number);
    struct cc_buf out = cc_buf_new(mem, 64);

    for (size_t left = strlen(digits); left > 0; left--, digits++) {
        cc_buf_add(&out, digits, 1);
        if (left > 1 && left % 3 == 1 && *digits != '-') {
            cc_buf_text(&out, ",");
        }
    }
    return out.text;
}
