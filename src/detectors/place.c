#include "credctl/base/buf.h"
#include "credctl/detectors/detector.h"

#include <string.h>

#define LINE_MAX_SIZE ((size_t)1 << 20)

const char *cc_place_line(struct cc_arena *mem, const struct cc_place *place)
{
    struct cc_buf out = cc_buf_new(mem, LINE_MAX_SIZE);

    cc_buf_text(&out, place->environment);
    if (place->service && strcmp(place->service, place->environment) != 0) {
        cc_buf_addf(&out, " (%s)", place->service);
    }
    if (place->role_name || place->aws) {
        cc_buf_addf(&out, ", role %s", place->role_name ? place->role_name : "not known");
    }
    if (place->account_id || place->aws) {
        cc_buf_addf(&out, ", account %s", place->account_id ? place->account_id : "not known");
    }
    if (place->region || place->aws) {
        cc_buf_addf(&out, ", %s", place->region ? place->region : "region not known");
    }
    cc_buf_addf(&out, " [confidence: %s]", cc_confidence_words[place->confidence]);
    return out.text;
}
