#include "credctl/aws/arn.h"
#include "credctl/aws/jwt.h"
#include "credctl/aws/region.h"
#include "credctl/base/text.h"
#include "credctl/base/url.h"

#include "scene.h"

#include <ctype.h>
#include <string.h>

#define TOKEN_MAX 16384

/* Anyone can copy a token; a token where a cluster mounts it was mounted by a cluster. */
static const char *const mounts[] = {
    "/var/run/secrets/eks.amazonaws.com/serviceaccount/token",
    "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token",
    "/var/run/secrets/kubernetes.io/serviceaccount/token",
    "/var/run/secrets/amazonaws.com/serviceaccount/token", /* kOps */
};

static bool cluster_id(const char *path)
{
    if (!cc_text_starts(path, "/id/") || strlen(path) != 36) {
        return false;
    }
    for (path += 4; *path; path++) {
        if (!isxdigit((unsigned char)*path)) {
            return false;
        }
    }
    return true;
}

/*
 * The region in a host of the form <head><region>.<suffix>, when the suffix belongs to that region.
 */
static const char *region_between(struct cc_arena *mem, const char *host, const char *head)
{
    if (!cc_text_starts(host, head)) {
        return NULL;
    }
    host += strlen(head);
    const char *dot = strchr(host, '.');
    const char *region = dot ? cc_text_dup(mem, host, (size_t)(dot - host)) : NULL;
    return cc_region_shaped(region) ? region : NULL;
}

/* The complete host is compared: a search for "eks" would match other hosts. */
static const char *eks_region(struct cc_arena *mem, const char *issuer)
{
    struct cc_url url;
    struct cc_error ignored;

    if (!issuer || !cc_text_starts(issuer, "https://") ||
        !cc_url_parse(mem, issuer, "the issuer", &url, &ignored) || url.port_given || url.query ||
        strchr(issuer, '#') || !cluster_id(url.path)) {
        return NULL;
    }
    const char *region = region_between(mem, url.host, "oidc.eks.");
    const char *dual = region_between(mem, url.host, "oidc-eks.");
    if (region && cc_text_equal(url.host, cc_textf(mem, "oidc.eks.%s.%s", region,
                                                   cc_partition_of(region)->dns))) {
        return region;
    }
    const char *suffix = dual ? cc_partition_of(dual)->dual_dns : NULL;
    if (suffix && cc_text_equal(url.host, cc_textf(mem, "oidc-eks.%s.%s", dual, suffix))) {
        return dual;
    }
    return NULL;
}

static const char *kept(struct cc_scene *scene, const char *text)
{
    return text ? cc_text_printable(&scene->run->mem, text) : NULL;
}

static const char *named(struct cc_scene *scene, const cJSON *owner, const char *member)
{
    return kept(scene, cc_json_text(cc_json_object(owner, member), "name"));
}

/* "system:serviceaccount:<namespace>:<name>" */
static void take_subject(struct cc_scene *scene, const char *subject, struct cc_pod_token *token)
{
    const char *rest = cc_text_starts(subject, "system:serviceaccount:")
                           ? subject + strlen("system:serviceaccount:")
                           : NULL;
    const char *colon = rest ? strchr(rest, ':') : NULL;

    if (!colon || colon == rest || !colon[1] || strchr(colon + 1, ':')) {
        return;
    }
    token->kubernetes = true;
    if (!token->namespace_name) {
        token->namespace_name = cc_text_dup(&scene->run->mem, rest, (size_t)(colon - rest));
    }
    if (!token->service_account) {
        token->service_account = colon + 1;
    }
}

static void take_claims(struct cc_scene *scene, const struct cc_jwt *jwt,
                        struct cc_pod_token *token)
{
    const cJSON *own = cc_json_object(jwt->claims, "kubernetes.io");

    token->issuer = jwt->issuer;
    token->eks_region = eks_region(&scene->run->mem, jwt->issuer);
    token->for_sts =
        cc_jwt_is_for(jwt, "sts.amazonaws.com") || cc_jwt_is_for(jwt, "sts.amazonaws.com.cn");
    token->for_agent = cc_jwt_is_for(jwt, "pods.eks.amazonaws.com");
    token->expired = jwt->expires > 0 && jwt->expires < cc_now_aws(scene->run);
    token->kubernetes = own != NULL;
    token->namespace_name = kept(scene, cc_json_text(own, "namespace"));
    token->pod = named(scene, own, "pod");
    token->service_account = named(scene, own, "serviceaccount");
    token->node = named(scene, own, "node");
    take_subject(scene, jwt->subject, token);
}

static void read_token(struct cc_scene *scene, const char *path, bool mounted)
{
    const char *text = NULL;
    size_t len = 0;
    struct cc_jwt jwt;
    struct cc_error err;

    if (!cc_file_facts(scene->run, path).exists || scene->token_count == CC_COUNT(scene->tokens)) {
        return;
    }
    for (size_t i = 0; i < scene->token_count; i++) {
        if (strcmp(scene->tokens[i].path, path) == 0) {
            scene->tokens[i].mounted |= mounted;
            return;
        }
    }
    struct cc_pod_token *token = &scene->tokens[scene->token_count++];
    *token = (struct cc_pod_token){.path = path, .mounted = mounted};
    if (!cc_read_file(scene->run, path, TOKEN_MAX, &text, &len, &err) ||
        !cc_jwt_parse(&scene->run->mem, text, len, path, &jwt, &err)) {
        cc_saw(scene, path, err.why, "a token file that is not usable");
        cc_soft_error(scene, CC_ABOUT_ROLE, &err);
        return;
    }
    take_claims(scene, &jwt, token);
    cc_saw(scene, path,
           cc_textf(&scene->run->mem, "issuer %s (unverified)",
                    token->issuer ? token->issuer : "not named"),
           token->eks_region   ? "an EKS cluster's token"
           : token->kubernetes ? "a token of a Kubernetes that is not EKS"
                               : "not a Kubernetes token");
    if (token->expired) {
        cc_warn(scene, CC_ABOUT_ROLE, NULL,
                "the token in %s has expired: it was copied here, it is not being renewed, or "
                "this host's clock is wrong",
                path);
    }
}

void cc_scene_tokens(struct cc_scene *scene)
{
    static const char *const variables[] = {"AWS_WEB_IDENTITY_TOKEN_FILE",
                                            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"};

    if (scene->tokens_read) {
        return;
    }
    scene->tokens_read = true;
    for (size_t i = 0; i < CC_COUNT(variables); i++) {
        const char *path = cc_scene_env(scene, variables[i]);

        if (path) {
            read_token(scene, path, false);
        }
    }
    for (size_t i = 0; i < CC_COUNT(mounts); i++) {
        read_token(scene, mounts[i], true);
    }
}

const struct cc_pod_token *cc_scene_cluster_token(struct cc_scene *scene)
{
    cc_scene_tokens(scene);
    for (size_t i = 0; i < scene->token_count; i++) {
        if (scene->tokens[i].eks_region && !scene->tokens[i].expired) {
            return &scene->tokens[i];
        }
    }
    return NULL;
}

bool cc_scene_in_pod(struct cc_scene *scene)
{
    cc_scene_tokens(scene);
    for (size_t i = 0; i < scene->token_count; i++) {
        if (scene->tokens[i].mounted) {
            return true;
        }
    }
    return cc_env(scene->run, "KUBERNETES_SERVICE_HOST") ||
           cc_text_equal(cc_scene_container(scene)->engine, "kubernetes");
}

static void take_namespace_file(struct cc_scene *scene)
{
    const char *text = NULL;
    struct cc_error ignored;

    if (!cc_read_file(scene->run, "/var/run/secrets/kubernetes.io/serviceaccount/namespace", 256,
                      &text, NULL, &ignored)) {
        return;
    }
    text = cc_text_trim(&scene->run->mem, text);
    if (cc_text_consists(text, "-", 63)) {
        scene->place.namespace_name = text;
        cc_saw(scene, "/var/run/secrets/kubernetes.io/serviceaccount/namespace", text,
               "the pod's namespace");
    }
}

/* HOSTNAME is the name of the pod, cut to 63 bytes, or with hostNetwork that of the node. */
static void take_hostname(struct cc_scene *scene)
{
    const char *name = cc_scene_env(scene, "HOSTNAME");

    if (cc_text_consists(name, "-", 62) && !cc_text_starts(name, "ip-") &&
        !cc_text_starts(name, "fargate-") && !cc_text_starts(name, "i-") &&
        !cc_text_starts(name, "mi-")) {
        scene->place.pod = name;
        cc_saw(scene, "HOSTNAME", name, "probably the name of the pod: no token contains it");
    }
}

static void fill(const char **to, const char *text)
{
    *to = *to ? *to : text;
}

void cc_take_pod(struct cc_scene *scene)
{
    struct cc_place *place = &scene->place;

    for (size_t i = 0; i < scene->token_count; i++) {
        const struct cc_pod_token *token = &scene->tokens[i];

        fill(&place->pod, token->pod);
        fill(&place->namespace_name, token->namespace_name);
        fill(&place->service_account, token->service_account);
        fill(&place->node, token->node);
        if (token->eks_region || token->kubernetes) {
            fill(&place->issuer, token->issuer);
        }
    }
    if (!place->namespace_name) {
        take_namespace_file(scene);
    }
    if (!place->pod) {
        take_hostname(scene);
    }
}
