#include "credctl/aws/operations.h"
#include "credctl/aws/outcome.h"
#include "credctl/base/text.h"

#include "support/test.h"

#define IAM "https://iam.amazonaws.com/"
#define ORG "https://organizations.us-east-1.amazonaws.com/"
#define LIST(members)                                                         \
    "<ListRolesResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">" \
    "<ListRolesResult>" members "</ListRolesResult></ListRolesResponse>"
#define MORE(name, marker)                                               \
    LIST("<Roles><member><RoleName>" name "</RoleName></member></Roles>" \
         "<IsTruncated>true</IsTruncated><Marker>" marker "</Marker>")
#define LAST(name)                                                       \
    LIST("<Roles><member><RoleName>" name "</RoleName></member></Roles>" \
         "<IsTruncated>false</IsTruncated><Marker>ignored</Marker>")
#define XML_ERROR(code, message)                                   \
    "<ErrorResponse><Error><Code>" code "</Code><Message>" message \
    "</Message></Error><RequestId>req-1</RequestId></ErrorResponse>"

static const struct cc_keys keys = {.access_key_id = "AKID",
                                    .secret_key = {CANARY},
                                    .session_token = {CANARY "-token"},
                                    .expires = CC_NEVER_EXPIRES};
static struct cc_settings settings;
static char names[256]; /* what was taken, a blank after each */

static void note(const char *name)
{
    assert_true(strlen(names) + strlen(name) + 2 < sizeof(names));
    strcat(strcat(names, name), " ");
}

static bool take(struct cc_run *run, const struct cc_ask *ask, const struct cc_page_of_answer *page,
                 struct cc_error *err)
{
    const char *name = page->xml ? cc_xml_text(page->xml->child, "Roles/member/RoleName")
                                 : cc_json_text(page->json, "Name");

    if (!name) {
        return cc_page_lacks(ask, "RoleName", err);
    }
    note(cc_page_text(run, ask, page, name));
    return true;
}

static struct cc_ask ask_for(const struct cc_operation *operation, const struct cc_param *params)
{
    settings = (struct cc_settings){.max_attempts = 3};
    names[0] = '\0';
    return (struct cc_ask){
        .operation = operation, .settings = &settings, .by = &keys, .params = params, .take = take};
}

static void every_page_of_a_query_is_read(void **state)
{
    static const struct cc_param params[] = {
        {"PathPrefix", "/a b/"}, {"MaxItems", NULL}, {"Description", ""}, {0}};
    struct fake *fake = *state;
    const struct cc_ask ask = ask_for(&cc_op_iam_list_roles, params);
    struct cc_answer answer;
    struct cc_error err;

    fake_http(fake, IAM, 200, MORE("one", "m=1"));
    fake_http(fake, IAM, 200, MORE("two", "m2"));
    fake_http(fake, IAM, 200, LAST("three"));
    assert_true(cc_ask_now(&fake->run, &ask, &answer, &err));
    assert_string_equal(names, "one two three ");
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer.attempts, 3);
    assert_null(answer.body);
    assert_string_equal(fake->sent[0].body, "Action=ListRoles&Version=2010-05-08&"
                                            "PathPrefix=%2Fa+b%2F&Description=");
    assert_string_equal(fake->sent[1].body, "Action=ListRoles&Version=2010-05-08&"
                                            "PathPrefix=%2Fa+b%2F&Description=&Marker=m%3D1");
    assert_non_null(strstr(fake->sent[2].body, "&Marker=m2"));
    assert_non_null(strstr(fake->sent[0].headers, "/us-east-1/iam/aws4_request"));
}

static void every_page_of_json_is_read(void **state)
{
    static const struct cc_param params[] = {{"ParentId", "r-ab\"12"}, {"Deep", "true", true}, {0}};
    struct fake *fake = *state;
    const struct cc_ask ask = ask_for(&cc_op_org_list_accounts_for_parent, params);
    struct cc_answer answer;
    struct cc_error err;

    fake_http(fake, ORG, 200, "{\"Name\":\"one\",\"NextToken\":\"n\\\"1\"}");
    fake_http(fake, ORG, 200, "{\"Name\":\"two\",\"NextToken\":null}");
    assert_true(cc_ask_now(&fake->run, &ask, &answer, &err));
    assert_string_equal(names, "one two ");
    assert_string_equal(fake->sent[0].body,
                        "{\"ParentId\":\"r-ab\\\"12\",\"Deep\":true,\"MaxResults\":20}\n");
    assert_string_equal(fake->sent[1].body, "{\"ParentId\":\"r-ab\\\"12\",\"Deep\":true,"
                                            "\"MaxResults\":20,\"NextToken\":\"n\\\"1\"}\n");
    assert_non_null(strstr(fake->sent[0].headers,
                           "X-Amz-Target: AWSOrganizationsV20161128.ListAccountsForParent\n"));
    assert_non_null(strstr(fake->sent[0].headers, "Content-Type: application/x-amz-json-1.1\n"));
    assert_non_null(strstr(fake->sent[0].headers, "/us-east-1/organizations/aws4_request"));
}

static void each_page_has_its_own_attempts(void **state)
{
    struct fake *fake = *state;
    const struct cc_ask ask = ask_for(&cc_op_iam_list_roles, NULL);
    struct cc_answer answer;
    struct cc_error err;

    for (int i = 0; i < 2; i++) {
        fake_http(fake, IAM, 503, "");
        fake_http(fake, IAM, 400, XML_ERROR("Throttling", "Rate exceeded"));
        fake_http(fake, IAM, 200, i == 0 ? MORE("one", "m") : LAST("two"));
    }
    assert_true(cc_ask_now(&fake->run, &ask, &answer, &err));
    assert_string_equal(names, "one two ");
    assert_int_equal(answer.attempts, 6);
    assert_null(answer.error_code);
}

static void a_denial_names_the_action_and_can_be_told_from_others(void **state)
{
    static const struct {
        const struct cc_operation *operation;
        const char *url;
        const char *body;
        bool denied;
        bool none;
        const char *fix;
    } rows[] = {
        {&cc_op_iam_get_role, IAM, XML_ERROR("AccessDenied", "User: x is not authorized"), true,
         false, "allow iam:GetRole in the policies of the caller"},
        {&cc_op_iam_get_role, IAM,
         XML_ERROR("AccessDenied", "with an explicit deny in a service control policy"), true,
         false, "ask the administrators of the organization"},
        {&cc_op_iam_get_role, IAM, XML_ERROR("NoSuchEntity", "no such role"), false, true, ""},
        {&cc_op_iam_get_role, IAM, XML_ERROR("InvalidInput", "no"), false, false, ""},
        {&cc_op_org_describe_account, ORG, "{\"__type\":\"AccessDeniedException\"}", true, false,
         "allow organizations:DescribeAccount"},
        {&cc_op_org_describe_account, ORG, "{\"__type\":\"AccountNotFoundException\"}", false, true,
         ""},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        const struct cc_ask ask = ask_for(rows[i].operation, NULL);
        struct cc_answer answer;
        struct cc_error err;

        fake_http(fake, rows[i].url, 400, rows[i].body);
        assert_false(cc_ask_now(&fake->run, &ask, &answer, &err));
        assert_int_equal(answer.status, 400);
        assert_int_equal(answer.attempts, 1);
        assert_int_equal(cc_answer_denied(&answer), rows[i].denied);
        assert_int_equal(cc_answer_none(&answer), rows[i].none);
        assert_int_equal(err.code, rows[i].denied ? CC_E_DENIED : CC_E_AWS);
        assert_non_null(strstr(err.fix, rows[i].fix));
    }
}

static void a_failure_on_a_later_page_is_one_of_the_whole(void **state)
{
    struct fake *fake = *state;
    const struct cc_ask ask = ask_for(&cc_op_iam_list_roles, NULL);
    struct cc_answer answer;
    struct cc_error err;

    fake_http(fake, IAM, 200, MORE("one", "m"));
    fake_http(fake, IAM, 403, XML_ERROR("AccessDenied", "no more"));
    assert_false(cc_ask_now(&fake->run, &ask, &answer, &err));
    assert_int_equal(answer.attempts, 2);
    assert_string_equal(answer.error_code, "AccessDenied");
    assert_string_equal(answer.error_message, "no more");
    assert_string_equal(answer.request_id, "req-1");
}

static void a_page_with_the_marker_of_the_one_before_is_refused(void **state)
{
    struct fake *fake = *state;
    const struct cc_ask ask = ask_for(&cc_op_iam_list_roles, NULL);
    struct cc_answer answer;
    struct cc_error err;

    fake_http(fake, IAM, 200, MORE("one", "m"));
    fake_http(fake, IAM, 200, MORE("two", "n"));
    fake_http(fake, IAM, 200, MORE("three", "n"));
    assert_false(cc_ask_now(&fake->run, &ask, &answer, &err));
    assert_int_equal(err.code, CC_E_BAD_ANSWER);
    assert_string_equal(err.why, "its page 3 has the same Marker as the one before");
}

/* Two answers take turns for ever. */
static void swap(struct fake *fake)
{
    fake->http[0].body = strstr(fake->http[0].body, "odd")
                             ? "{\"Name\":\"\",\"NextToken\":\"even\"}"
                             : "{\"Name\":\"\",\"NextToken\":\"odd\"}";
}

static void an_answer_without_an_end_is_an_error_that_names_the_limit(void **state)
{
    struct fake *fake = *state;
    struct cc_ask ask = ask_for(&cc_op_org_list_accounts, NULL);
    struct cc_answer answer;
    struct cc_error err;

    ask.take = NULL;
    fake->forgets = true;
    fake_http_row(fake,
                  (struct fake_exchange){
                      .url = ORG, .status = 200, .body = "", .forever = true, .meanwhile = swap});
    assert_false(cc_ask_now(&fake->run, &ask, &answer, &err));
    assert_int_equal(err.code, CC_E_TOO_BIG);
    assert_non_null(strstr(err.why, "5000 pages"));
    assert_int_equal(answer.attempts, CC_PAGES_MAX);
}

static void an_answer_of_another_form_is_refused(void **state)
{
    static const struct {
        const struct cc_operation *operation;
        const char *url;
        const char *body;
        const char *why;
    } rows[] = {
        {&cc_op_iam_list_roles, IAM, "", "it is empty"},
        {&cc_op_iam_list_roles, IAM, "<ListRolesResponse><ListRolesResult>", "cut off"},
        {&cc_op_iam_list_roles, IAM, "<ListUsersResponse/>", "no usable ListRolesResult"},
        {&cc_op_iam_list_roles, IAM, LIST(""), "no usable RoleName"},
        {&cc_op_iam_list_roles, IAM,
         LIST("<Roles><member><RoleName>a</RoleName></member></Roles><IsTruncated>true"
              "</IsTruncated>"),
         "no usable Marker"},
        {&cc_op_org_list_accounts, ORG, "<html>", "malformed"},
        {&cc_op_org_list_accounts, ORG, "[]", "no usable object"},
        {&cc_op_org_list_accounts, ORG, "{\"Accounts\":", "cut off"},
    };

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct fake *fake = *state;
        const struct cc_ask ask = ask_for(rows[i].operation, NULL);
        struct cc_answer answer;
        struct cc_error err;

        fake_http(fake, rows[i].url, 200, rows[i].body);
        assert_false(cc_ask_now(&fake->run, &ask, &answer, &err));
        assert_int_equal(err.code, CC_E_BAD_ANSWER);
        assert_non_null(strstr(err.why, rows[i].why));
        assert_non_null(strstr(err.what, rows[i].operation->name));
    }
}

static const char *long_text(struct fake *fake, size_t len)
{
    char *text = cc_alloc(&fake->mem, len + 1);

    memset(text, 'x', len);
    return text;
}

static void what_is_too_large_is_refused(void **state)
{
    struct fake *fake = *state;
    const struct cc_param params[] = {{"RoleName", long_text(fake, 200000)}, {0}};
    struct cc_ask ask = ask_for(&cc_op_iam_get_role, params);
    struct cc_answer answer;
    struct cc_error err;

    assert_false(cc_ask_now(&fake->run, &ask, &answer, &err));
    assert_int_equal(err.code, CC_E_TOO_BIG);
    assert_string_equal(err.what, "cannot ask IAM for GetRole");
    ask.params = NULL;
    fake_http(fake, IAM, 200, long_text(fake, ((size_t)8 << 20) + 1));
    assert_false(cc_ask_now(&fake->run, &ask, &answer, &err));
    assert_int_equal(err.code, CC_E_TOO_BIG);
}

static void a_partition_or_a_setting_names_the_endpoint(void **state)
{
    struct fake *fake = *state;
    struct cc_ask ask = ask_for(&cc_op_iam_list_roles, NULL);
    struct cc_answer answer;
    struct cc_error err;

    ask.region = "cn-northwest-1";
    fake_http(fake, "https://iam.cn-north-1.amazonaws.com.cn/", 200, LAST("one"));
    assert_true(cc_ask_now(&fake->run, &ask, &answer, &err));
    assert_non_null(strstr(fake->sent[0].headers, "/cn-north-1/iam/aws4_request"));
    ask.region = "eu-west-1";
    settings.fips = true;
    fake_http(fake, "https://iam-fips.amazonaws.com/", 200, LAST("two"));
    assert_true(cc_ask_now(&fake->run, &ask, &answer, &err));
    settings.fips = false;
    fake_env(fake, "AWS_ENDPOINT_URL_IAM", "http://127.0.0.1:5000");
    fake_http(fake, "http://127.0.0.1:5000/", 200, LAST("three"));
    assert_true(cc_ask_now(&fake->run, &ask, &answer, &err));
    assert_string_equal(names, "one two three ");
}

static void a_secret_in_an_answer_is_not_shown(void **state)
{
    struct fake *fake = *state;
    const struct cc_ask ask = ask_for(&cc_op_iam_list_roles, NULL);
    struct cc_answer answer;
    struct cc_error err;

    fake_http(fake, IAM, 200, MORE("[" CANARY "-token]", "m"));
    fake_http(fake, IAM, 200, LAST("ro\xc2\x80le"));
    assert_true(cc_ask_now(&fake->run, &ask, &answer, &err));
    assert_null(strstr(names, CANARY));
    assert_non_null(strstr(names, "repeats a secret"));
    assert_non_null(strstr(names, "ro??le"));
}

static void what_no_one_answers_is_told_with_its_attempts(void **state)
{
    struct fake *fake = *state;
    const struct cc_ask ask = ask_for(&cc_op_iam_list_roles, NULL);
    struct cc_answer answer;
    struct cc_error err;

    fake_http(fake, IAM, 200, MORE("one", "m"));
    for (int i = 0; i < 3; i++) {
        fake_no_answer(fake, IAM, CC_NET_REFUSED);
    }
    assert_false(cc_ask_now(&fake->run, &ask, &answer, &err));
    assert_int_equal(err.code, CC_E_UNREACHABLE);
    assert_int_equal(answer.status, 0);
    assert_int_equal(answer.attempts, 4);
}

/* Actions that are named otherwise than their operations, or that others need too: Service
 * Authorization Reference. */
static const char *const other_actions[] = {
    "access-analyzer:ListFindings",
    "apigateway:GET",
    "resource-explorer-2:Search",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetAccountPublicAccessBlock",
    "s3:GetEncryptionConfiguration",
    "s3:ListAllMyBuckets",
};

static bool named_otherwise(const char *action)
{
    for (size_t i = 0; i < CC_COUNT(other_actions); i++) {
        if (strcmp(other_actions[i], action) == 0) {
            return true;
        }
    }
    return false;
}

static void the_service_of_a_row_is_complete(const struct cc_service *service)
{
    const bool form = service->protocol == CC_QUERY || service->protocol == CC_EC2;
    const bool target = service->protocol == CC_JSON_1_0 || service->protocol == CC_JSON_1_1;

    assert_int_equal(service->version != NULL, form);
    assert_int_equal(service->target != NULL, target);
    assert_true((service->regional.label != NULL) != (service->endpoint != NULL));
}

/* The action of each row belongs to its service and its operation. */
static void each_row_is_complete(void **state)
{
    (void)state;
    for (const struct cc_operation *const *at = cc_operations; *at; at++) {
        const struct cc_service *service = (*at)->service;
        const char *colon = strchr((*at)->action, ':');
        const bool rest = service->protocol == CC_REST_JSON || service->protocol == CC_REST_XML;

        assert_non_null(colon);
        assert_true(strcmp(colon + 1, (*at)->name) == 0 || named_otherwise((*at)->action));
        assert_true(cc_text_starts((*at)->action, service->signing));
        the_service_of_a_row_is_complete(service);
        assert_int_equal((*at)->request != NULL, rest);
        assert_true(!rest || cc_text_starts((*at)->request, "GET /") ||
                    cc_text_starts((*at)->request, "POST /"));
    }
}

static void paging_of_each_row_is_usable(void **state)
{
    (void)state;
    for (const struct cc_operation *const *at = cc_operations; *at; at++) {
        const struct cc_paging *paging = (*at)->paging;

        assert_true(paging || !cc_text_starts((*at)->name, "List"));
        if (paging) {
            assert_non_null(paging->marker);
            assert_non_null(paging->next);
            assert_true(!paging->list || paging->size);
            assert_true(paging->size ? paging->least >= 1 && paging->most >= paging->least
                                     : paging->most == 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(every_page_of_a_query_is_read),
        IN_FAKE_WORLD(every_page_of_json_is_read),
        IN_FAKE_WORLD(each_page_has_its_own_attempts),
        IN_FAKE_WORLD(a_denial_names_the_action_and_can_be_told_from_others),
        IN_FAKE_WORLD(a_failure_on_a_later_page_is_one_of_the_whole),
        IN_FAKE_WORLD(a_page_with_the_marker_of_the_one_before_is_refused),
        IN_FAKE_WORLD(an_answer_without_an_end_is_an_error_that_names_the_limit),
        IN_FAKE_WORLD(an_answer_of_another_form_is_refused),
        IN_FAKE_WORLD(what_is_too_large_is_refused),
        IN_FAKE_WORLD(a_partition_or_a_setting_names_the_endpoint),
        IN_FAKE_WORLD(a_secret_in_an_answer_is_not_shown),
        IN_FAKE_WORLD(what_no_one_answers_is_told_with_its_attempts),
        cmocka_unit_test(each_row_is_complete),
        cmocka_unit_test(paging_of_each_row_is_usable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
