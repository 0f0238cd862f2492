#include "credctl/base/text.h"

#include "steps.h"

// clang-format off
static const struct {
    const char *sid;
    const char *purpose;
} purposes[] = {
    {"AssumeTargetRoles", "assumes the target roles; nothing else leads to another account"},
    {"CheckSecurityServices", "CheckSecurityServices: which security services are enabled"},
    {"GetSecurityFindings", "GetSecurityFindings: the findings of these services"},
    {"CheckStorageEncryption", "CheckStorageEncryption: settings of storage; its content cannot be read"},
    {"ListServicesInRegion", "ListServicesInRegion: which services have resources in a region"},
    {"CheckNetworkSecurity", "CheckNetworkSecurity: settings of load balancers, distributions and endpoints"},
    {"CheckNetworkSecurityApis", "CheckNetworkSecurity: settings of APIs and their domain names; no API keys"},
    {"ValidateCredentialConfiguration", "ValidateCredentialConfiguration: who the caller is"},
    {"RegistryToken", "signs in to ECR, which has no permission for one repository"},
    {"PullImage", "pulls the image, from this repository only"},
    {"WriteLogs", "writes the logs, to this log group only"},
    {"LogGroups", "creates the log group of the runtime"},
    {"DescribeLogGroups", "lets the runtime find its log group"},
    {"Tracing", "sends traces of the runtime to X-Ray"},
    {"Metrics", "sends metrics of the runtime, in the namespace bedrock-agentcore only"},
    {"WorkloadIdentity", "lets the runtime get its own workload identity"},
    {"SessionManager", "a shell on the instance through Session Manager, instead of SSH"},
};
// clang-format on

const char *cc_purpose_of(const char *sid)
{
    for (size_t i = 0; i < CC_COUNT(purposes); i++) {
        if (cc_text_equal(purposes[i].sid, sid)) {
            return purposes[i].purpose;
        }
    }
    return NULL;
}
