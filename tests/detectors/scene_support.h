#ifndef TESTS_DETECTORS_SCENE_SUPPORT_H
#define TESTS_DETECTORS_SCENE_SUPPORT_H

/* Pieces of environments, for tests of whole detections. */

#include "credctl/base/text.h"
#include "credctl/detectors/detector.h"

#include "../support/test.h"

#define IMDS4   "http://169.254.169.254"
#define IMDS6   "http://[fd00:ec2::254]"
#define ROLES   "/latest/meta-data/iam/security-credentials/"
#define INFO    "/latest/meta-data/iam/info"
#define DOC     "/latest/dynamic/instance-identity/document"
#define CLUSTER "https://oidc.eks.us-west-2.amazonaws.com/id/5CC109EF2CCB404415FA350577E27AF5"
#define IRSA    "/var/run/secrets/eks.amazonaws.com/serviceaccount/token"
#define DEFAULT "/var/run/secrets/kubernetes.io/serviceaccount/token"

#define DOCUMENT                                                              \
    "{\"instanceId\":\"i-1234567890abcdef0\",\"accountId\":\"111122223333\"," \
    "\"region\":\"us-west-2\",\"availabilityZone\":\"us-west-2b\","           \
    "\"instanceType\":\"t3.micro\"}"

static inline bool among(const char *const *names, const char *name)
{
    size_t i = 0;

    while (i < CC_NAMES_MAX && names[i] && !cc_text_equal(names[i], name)) {
        i++;
    }
    return i < CC_NAMES_MAX && names[i];
}

/* Whatever is answered stands in a row, so that the lists that are made of the rows have it. */
static inline void assert_in_a_row(const struct cc_scene *scene)
{
    bool environment = false;
    bool service = !scene->place.service || scene->place.task_arn; /* ECS has names of its own */

    for (const struct cc_detector *const *row = cc_detectors; *row; row++) {
        environment |= among((*row)->environments, scene->place.environment);
        service |= among((*row)->services, scene->place.service);
    }
    if (!environment || !service) {
        fail_msg("no row has %s or %s", scene->place.environment,
                 environment ? scene->place.service : "");
    }
}

static inline const struct cc_scene *detect(struct fake *fake)
{
    struct cc_scene *scene = cc_alloc(&fake->run.mem, sizeof(*scene));

    fake->run.deadline_ms = fake->ticks + 1900;
    cc_detect(&fake->run, scene);
    assert_in_a_row(scene);
    return scene;
}

static inline bool warned(const struct cc_scene *scene, const char *part)
{
    for (size_t i = 0; i < scene->warning_count; i++) {
        const struct cc_caution *one = &scene->warnings[i];

        if (strstr(one->says, part) || (one->fix && strstr(one->fix, part))) {
            return true;
        }
    }
    return false;
}

static inline void no_imds(struct fake *fake)
{
    fake_no_answer(fake, IMDS4 "/latest/api/token", CC_NET_NO_ROUTE);
    fake_no_answer(fake, IMDS6 "/latest/api/token", CC_NET_NO_ROUTE);
}

static inline void imds(struct fake *fake, int status, const char *document, const char *role)
{
    fake_http(fake, IMDS4 "/latest/api/token", 200, CANARY "==");
    fake_http(fake, IMDS4 DOC, status, document);
    fake_http(fake, IMDS4 INFO, 404, "");
    fake_http(fake, IMDS4 ROLES, role ? 200 : 404, role ? role : "");
}

static inline void nitro(struct fake *fake)
{
    fake_file(fake, "/sys/class/dmi/id/sys_vendor", "Amazon EC2\n");
    fake_file(fake, "/sys/class/dmi/id/board_asset_tag", "i-1234567890abcdef0\n");
}

static inline const char *token(struct fake *fake, const char *claims)
{
    return cc_textf(&fake->mem, "e30.%s.c2ln",
                    cc_text_base64url(&fake->mem, (const unsigned char *)claims, strlen(claims)));
}

static inline const char *pod_token(struct fake *fake, const char *issuer, const char *node)
{
    return token(fake, cc_textf(&fake->mem,
                                "{\"iss\":\"%s\",\"aud\":[\"sts.amazonaws.com\"],"
                                "\"exp\":4000000000,\"sub\":\"system:serviceaccount:ns-a:sa1\","
                                "\"kubernetes.io\":{\"namespace\":\"ns-a\",\"pod\":{\"name\":"
                                "\"app1\"},\"serviceaccount\":{\"name\":\"sa1\"},\"node\":{"
                                "\"name\":\"%s\"}}}",
                                issuer, node));
}

#define IS(scene, member, text) assert_string_equal((scene)->place.member, text)
#define NOT_TOLD(scene, member) assert_null((scene)->place.member)

#endif
