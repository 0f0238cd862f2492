#include "credctl/aws/imds.h"

#include "credctl/base/text.h"
#include "credctl/base/url.h"

#include <string.h>

#define ANSWER_MAX 65536
#define TTL        "21600"

bool cc_role_name_valid(const char *name)
{
    return cc_text_consists(name, "_+=,.@-", 64);
}

bool cc_imds_base(struct cc_run *run, const struct cc_imds_settings *settings, const char **base,
                  struct cc_error *err)
{
    struct cc_url url;

    if (settings->endpoint) {
        if (!cc_url_parse(&run->mem, settings->endpoint, "the EC2 metadata endpoint", &url, err)) {
            return false;
        }
        size_t len = strlen(url.path);
        while (len > 0 && url.path[len - 1] == '/') {
            len--;
        }
        *base = cc_textf(&run->mem, "%s%.*s", url.origin, (int)len, url.path);
        return true;
    }
    if (!settings->mode || cc_text_equal_nocase(settings->mode, "IPv4")) {
        *base = "http://169.254.169.254";
        return true;
    }
    if (cc_text_equal_nocase(settings->mode, "IPv6")) {
        *base = "http://[fd00:ec2::254]";
        return true;
    }
    cc_fail(err, CC_E_CONFIG, "the EC2 metadata endpoint mode is neither IPv4 nor IPv6");
    cc_why(err, "it is \"%s\"", settings->mode);
    return cc_fix(err, "correct AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE or "
                       "ec2_metadata_service_endpoint_mode in the profile");
}

bool cc_imds_token(struct cc_run *run, struct cc_imds *imds, struct cc_response *response,
                   struct cc_error *err)
{
    const struct cc_header headers[] = {
        {.name = "X-aws-ec2-metadata-token-ttl-seconds", .value = TTL}, {0}};
    const struct cc_request put = {
        .method = "PUT",
        .url = cc_textf(&run->mem, "%s/latest/api/token", imds->base),
        .headers = headers,
        .distance = CC_NEAR,
        .connect_ms = imds->connect_ms,
        .timeout_ms = imds->timeout_ms,
        .max_body = ANSWER_MAX,
    };

    if (!cc_http(run, &put, response, err)) {
        return false;
    }
    if (response->status != 200) {
        return true;
    }
    /* Base64 as seen so far; what matters is that no page of a captive portal passes. */
    const char *token = cc_text_trim(&run->mem, response->body);
    if (!cc_text_consists(token, "+/=_-.", 4096)) {
        cc_fail(err, CC_E_BAD_ANSWER, "%s does not hand out a metadata token", imds->base);
        return cc_why(err, "its answer is no token: something else listens at that address");
    }
    imds->token = cc_secret_keep(&run->mem, token);
    return true;
}

struct cc_request cc_imds_request(struct cc_run *run, const struct cc_imds *imds, const char *path)
{
    const bool v2 = cc_secret_present(imds->token);
    struct cc_header *headers = cc_alloc(&run->mem, 2 * sizeof(*headers));

    headers[0] =
        (struct cc_header){.name = v2 ? "X-aws-ec2-metadata-token" : NULL, .secret = imds->token};
    return (struct cc_request){
        .method = "GET",
        .url = cc_textf(&run->mem, "%s/latest/%s", imds->base, path),
        .headers = headers,
        .distance = CC_NEAR,
        .connect_ms = imds->connect_ms,
        .timeout_ms = imds->timeout_ms,
        .max_body = ANSWER_MAX,
    };
}

bool cc_imds_get(struct cc_run *run, const struct cc_imds *imds, const char *path,
                 struct cc_response *response, struct cc_error *err)
{
    const struct cc_request get = cc_imds_request(run, imds, path);

    return cc_http(run, &get, response, err);
}
