#include "credctl/aws/host.h"
#include "credctl/aws/tmds.h"
#include "credctl/base/text.h"
#include "credctl/base/url.h"

#include "scene.h"

#include <string.h>

#define ANNOTATE        "annotate its service account (eks.amazonaws.com/role-arn)"
#define GIVE_POD_A_ROLE ANNOTATE " or create a pod identity association"

/* True for the agent of Pod Identity, not for other container endpoints. */
static bool agent_url(struct cc_scene *scene)
{
    struct cc_url url;
    struct cc_error err;
    const char *uri = cc_scene_env(scene, "AWS_CONTAINER_CREDENTIALS_FULL_URI");

    return uri &&
           cc_url_parse(&scene->run->mem, uri, "AWS_CONTAINER_CREDENTIALS_FULL_URI", &url, &err) &&
           (strcmp(url.host, "169.254.170.23") == 0 || strcmp(url.host, "fd00:ec2::23") == 0) &&
           !url.https;
}

/* A valid token, else one that has expired. */
static const struct cc_pod_token *token_of_cluster(struct cc_scene *scene)
{
    const struct cc_pod_token *found = cc_scene_cluster_token(scene);

    for (size_t i = 0; i < scene->token_count && !found; i++) {
        if (scene->tokens[i].eks_region) {
            found = &scene->tokens[i];
        }
    }
    return found;
}

static const struct cc_pod_token *token_for_agent(struct cc_scene *scene)
{
    for (size_t i = 0; i < scene->token_count; i++) {
        if (scene->tokens[i].for_agent) {
            return &scene->tokens[i];
        }
    }
    return NULL;
}

static const char *agent_hint(int status)
{
    switch (status) {
    case 400: return "check the token's audience and that it has not expired";
    case 403:
        return "check that the association's role trusts pods.eks.amazonaws.com and that the "
               "node role allows eks-auth:AssumeRoleForPodIdentity";
    case 404: return "create a pod identity association for this namespace and service account";
    default: return "check the eks-pod-identity-agent pod on this node";
    }
}

/* The answer has the account, but not the role. */
static void ask_agent(struct cc_scene *scene, const struct cc_pod_token *token)
{
    struct cc_exchange ask = {0};
    struct cc_secret bearer = {NULL};
    struct cc_error err = {0};

    if (scene->run->offline || !cc_read_secret(scene->run, token->path, &bearer, &err)) {
        return;
    }
    const struct cc_header headers[] = {{.name = "Authorization", .secret = bearer}, {0}};
    ask.request =
        cc_tmds_request(cc_scene_env(scene, "AWS_CONTAINER_CREDENTIALS_FULL_URI"), headers);
    cc_http_many(scene->run, &ask, 1, 1, NULL);
    if (ask.ok && ask.response.status != 200) {
        cc_fail(&err, CC_E_CONTAINER, "the EKS Pod Identity agent returned no credentials");
        cc_why(&err, "it answered HTTP %d", ask.response.status);
        cc_fix(&err, "%s", agent_hint(ask.response.status));
        cc_soft_error(scene, CC_ABOUT_ROLE, &err);
        cc_saw_in(scene,
                  (struct cc_evidence){"EKS Pod Identity agent", err.why,
                                       "no credentials at the moment", ask.response.took_ms});
        return;
    }
    (void)cc_take_container_role(scene, &ask);
}

static void take_compute(struct cc_scene *scene)
{
    static const struct {
        const char *start;
        const char *compute;
    } kinds[] = {{"fargate-", "fargate"}, {"mi-", "hybrid"}, {"i-", "ec2"}, {"ip-", "ec2"}};
    struct cc_place *place = &scene->place;

    /* Nodes of Auto Mode have the instance ID as their name; with resource-based names, a domain
     * follows. */
    if (cc_instance_id_valid(place->node)) {
        place->compute = "auto-mode";
        cc_saw(scene, "the token's node claim", place->node, "auto-mode");
    }

    for (size_t i = 0; i < CC_COUNT(kinds) && !place->compute; i++) {
        if (cc_text_starts(place->node, kinds[i].start)) {
            place->compute = kinds[i].compute;
            cc_saw(scene, "the token's node claim", place->node, kinds[i].compute);
        }
    }
    if (cc_text_starts(place->node, "i-")) {
        const char *id = cc_text_dup(&scene->run->mem, place->node, strcspn(place->node, "."));

        place->host_instance_id = cc_instance_id_valid(id) ? id : NULL;
    }
    if (cc_text_equal(place->compute, "fargate") || cc_text_equal(place->compute, "hybrid")) {
        return;
    }
    const struct cc_dmi *dmi = cc_scene_dmi(scene);
    if (!place->host_instance_id) {
        place->host_instance_id = dmi->instance_id;
    }
    if (!place->compute && cc_text_equal(dmi->cloud, "aws")) {
        place->compute = "ec2";
    }
}

static void explain_no_pod_role(struct cc_scene *scene)
{
    struct cc_place *place = &scene->place;

    if (cc_text_equal(place->compute, "fargate") || cc_text_equal(place->compute, "hybrid")) {
        cc_warn(scene, CC_ABOUT_ROLE,
                strcmp(place->compute, "hybrid") == 0 ? GIVE_POD_A_ROLE : ANNOTATE,
                "this pod has no role");
        return;
    }
    cc_take_instance_role(scene);
    if (!place->host_instance_id) {
        place->host_instance_id = scene->instance.instance_id;
    }
    if (place->role_name) {
        cc_warn(scene, CC_ABOUT_ROLE, GIVE_POD_A_ROLE ", and set the nodes' hop limit to 1",
                "this pod has no role of its own, so an SDK here silently uses the node role %s",
                place->role_name);
    } else {
        cc_warn(scene, CC_ABOUT_ROLE, GIVE_POD_A_ROLE,
                "this pod has no role, and the node role is not reachable");
    }
}

static void take_identity(struct cc_scene *scene, bool agent)
{
    struct cc_place *place = &scene->place;
    const struct cc_pod_token *token = token_for_agent(scene);
    bool irsa = cc_take_web_identity(scene);

    if (irsa) {
        place->identity_mechanism = "irsa";
    }
    if (irsa && agent) {
        cc_warn(
            scene, CC_ABOUT_INPUT, NULL,
            "both IRSA and Pod Identity are configured: an SDK uses the web identity role first "
            "and ignores the association");
    } else if (agent && token) {
        ask_agent(scene, token);
        place->identity_mechanism = "pod-identity";
        cc_warn(scene, CC_ABOUT_LIMIT, CC_ASK_STS,
                "Pod Identity does not provide the name of the role");
    } else if (agent) {
        place->identity_mechanism = "pod-identity";
        cc_warn(scene, CC_ABOUT_ROLE, "check AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI points to the Pod Identity agent, but there is "
                "no token for it");
    } else if (!irsa && cc_env(scene->run, "AWS_ROLE_ARN")) {
        cc_warn(scene, CC_ABOUT_ROLE, NULL,
                "AWS_ROLE_ARN is set, but its token file does not exist: an SDK fails instead "
                "of using another identity");
    } else if (!irsa) {
        explain_no_pod_role(scene);
    }
}

/* Hybrid nodes are the only part of EKS that runs on machines outside AWS. */
static bool copied(struct cc_scene *scene, const struct cc_pod_token *token)
{
    bool hybrid = cc_text_starts(token->node, "mi-");

    return !cc_scene_in_pod(scene) && (token->expired || (cc_scene_foreign(scene) && !hybrid));
}

static void weigh(struct cc_scene *scene, const struct cc_pod_token *token)
{
    if (token->expired) {
        scene->place.confidence = CC_LOW;
    }
    if (!cc_text_starts(token->node, "mi-")) {
        (void)cc_doubt_on_foreign(scene, "the token of the cluster was");
    }
}

static bool look(struct cc_scene *scene)
{
    const struct cc_pod_token *token = token_of_cluster(scene);
    const struct cc_pod_token *for_agent = token_for_agent(scene);
    bool agent = agent_url(scene);

    if (!token && !(agent && for_agent)) {
        return false;
    }
    if (copied(scene, token ? token : for_agent)) {
        return false;
    }
    cc_is(scene, "eks", token ? CC_HIGH : CC_MEDIUM);
    if (agent) {
        cc_saw(scene, "AWS_CONTAINER_CREDENTIALS_FULL_URI",
               cc_scene_env(scene, "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
               "the EKS Pod Identity agent");
    }
    cc_take_pod(scene);
    if (token) {
        scene->place.issuer = token->issuer;
        cc_take_region(scene, token->eks_region);
    }
    cc_take_region_variable(scene);
    take_compute(scene);
    take_identity(scene, agent);
    weigh(scene, token ? token : for_agent);
    return true;
}

const struct cc_detector cc_detector_eks = {
    .name = "eks",
    .environments = {"eks"},
    .look = look,
};
