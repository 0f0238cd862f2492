#ifndef CREDCTL_TEMPLATES_CODES_H
#define CREDCTL_TEMPLATES_CODES_H

/* name, severity, one line about it, remedy */
// clang-format off
#define CC_TEMPLATE_CODES(X)                                                                            \
    /* the document */                                                                                  \
    X(TEMPLATE_SYNTAX, ERROR, "the text is not valid YAML or JSON",                                     \
      "correct the syntax at this place")                                                               \
    X(TEMPLATE_SIZE, ERROR, "the template is larger than CloudFormation accepts",                       \
      "split it into nested stacks")                                                                    \
    X(TEMPLATE_DEPTH, ERROR, "values are nested too deeply",                                            \
      "nest the values less deeply")                                                                    \
    X(DUPLICATE_KEY, ERROR, "a map has a key twice",                                                    \
      "remove one of them, or rename it")                                                               \
    X(YAML_ALIAS, ERROR, "CloudFormation does not accept aliases and merge keys of YAML",               \
      "write the value out where it is used")                                                           \
    X(UNKNOWN_TAG, ERROR, "a tag is not a short form of a function",                                    \
      "use a function of CloudFormation, or put the text in quotes")                                    \
    X(NULL_VALUE, ERROR, "CloudFormation does not accept null values",                                  \
      "give a value, or remove the key")                                                                \
    X(TOO_MANY_FINDINGS, NOTE, "there are more findings than are shown",                                \
      "correct these first")                                                                            \
    /* sections */                                                                                      \
    X(INVALID_SECTION, ERROR, "a section of the template does not exist or has the wrong form",         \
      "use the sections that CloudFormation knows")                                                     \
    X(MISSING_RESOURCES, ERROR, "the template has no resources",                                        \
      "add a Resources section with at least one resource")                                             \
    X(INVALID_FORMAT_VERSION, ERROR, "AWSTemplateFormatVersion is not 2010-09-09",                      \
      "write AWSTemplateFormatVersion: '2010-09-09'")                                                   \
    X(DUPLICATE_NAME, ERROR, "a parameter and a resource have the same name",                            \
      "rename one of them")                                                                             \
    X(INVALID_NAME, ERROR, "a logical name has characters that CloudFormation does not accept",         \
      "use letters and digits only")                                                                    \
    X(TEMPLATE_LIMIT, ERROR, "there are more members than CloudFormation accepts",                      \
      "split the template into nested stacks")                                                          \
    X(NOT_CHECKED, NOTE, "a part of the template is not checked",                                       \
      "check the result with a change set before you deploy it")                                        \
    /* parameters, mappings, conditions, rules, outputs */                                              \
    X(INVALID_PARAMETER, ERROR, "a parameter is not declared as CloudFormation expects it",             \
      "correct the declaration")                                                                        \
    X(INVALID_DEFAULT, ERROR, "the default of a parameter does not meet its own constraints",           \
      "give a default that meets them, or remove it")                                                   \
    X(INVALID_MAPPING, ERROR, "a mapping does not have two levels of keys with texts or lists",         \
      "write Mapping: {Key: {Name: value}}")                                                            \
    X(INVALID_CONDITION, ERROR, "a condition is not made of condition functions",                       \
      "use Fn::And, Fn::Equals, Fn::Not, Fn::Or or Condition")                                          \
    X(INVALID_RULE, ERROR, "a rule does not have the form that CloudFormation expects",                 \
      "give it Assertions, each with Assert and AssertDescription")                                     \
    X(UNKNOWN_KEY, WARNING, "a key has no meaning here, so that it is ignored",                            \
      "correct the name, or remove it")                                                                 \
    X(INVALID_OUTPUT, ERROR, "an output does not have the form that CloudFormation expects",            \
      "give it a Value that is a text")                                                                 \
    X(UNUSED_PARAMETER, WARNING, "a parameter is never used",                                           \
      "use it, or remove it")                                                                           \
    X(UNUSED_CONDITION, WARNING, "a condition is never used",                                           \
      "use it, or remove it")                                                                           \
    X(UNUSED_MAPPING, WARNING, "a mapping is never used",                                               \
      "use it, or remove it")                                                                           \
    /* functions */                                                                                     \
    X(UNKNOWN_FUNCTION, ERROR, "there is no such function",                                             \
      "use a function of CloudFormation")                                                               \
    X(INVALID_FUNCTION, ERROR, "a function does not have the arguments that it takes",                  \
      "correct the arguments")                                                                          \
    X(UNKNOWN_REFERENCE, ERROR, "something that is referred to does not exist",                         \
      "correct the name, or declare it")                                                                \
    X(UNKNOWN_ATTRIBUTE, ERROR, "a resource does not have the attribute that is asked for",             \
      "use an attribute that the type returns")                                                         \
    X(UNKNOWN_MAPPING_KEY, ERROR, "a mapping does not have the key that is looked up",                  \
      "correct the key, or add it to the mapping")                                                      \
    X(MISSING_SUB, ERROR, "${} is not replaced, because it is not in Fn::Sub",                           \
      "write !Sub before the text")                                                                     \
    X(UNUSED_VARIABLE, WARNING, "a variable of Fn::Sub is not used in its text",                        \
      "use it as ${Name}, or remove it")                                                                \
    X(CIRCULAR_DEPENDENCY, ERROR, "resources or conditions depend on each other in a circle",           \
      "take one of the references out, for example into a resource of its own")                         \
    /* resources */                                                                                     \
    X(INVALID_RESOURCE, ERROR, "a resource is not declared as CloudFormation expects it",               \
      "correct the declaration")                                                                        \
    X(UNKNOWN_TYPE, ERROR, "there is no such resource type",                                            \
      "correct the type")                                                                               \
    X(UNKNOWN_PROPERTY, ERROR, "the type does not have this property",                                  \
      "correct the name, or remove it")                                                                 \
    X(MISSING_PROPERTY, ERROR, "a required property is missing",                                        \
      "add the property")                                                                               \
    X(READ_ONLY_PROPERTY, ERROR, "a property cannot be set, because the service sets it",               \
      "remove it")                                                                                      \
    X(INVALID_TYPE, ERROR, "a value has another type than the property",                                \
      "give a value of the type that the property has")                                                 \
    X(INVALID_VALUE, ERROR, "a value is not one that the property accepts",                             \
      "give a value that the property accepts")                                                         \
    X(PROPERTY_CONFLICT, ERROR, "properties cannot be set together, or need each other",                \
      "set the properties as the type requires")                                                        \
    X(TYPE_RULE, ERROR, "properties of a type do not go together",                                      \
      "give the values that the service accepts together")                                              \
    X(DUPLICATE_TAG, ERROR, "two tags of a resource have the same key",                                 \
      "remove one of them")                                                                             \
    X(RUNTIME_ENDED, ERROR, "functions can no longer be created with a runtime",                        \
      "use a runtime that Lambda supports")                                                             \
    X(SERVICE_ENDED, ERROR, "a resource is of a service that was shut down",                            \
      "use another service")                                                                            \
    X(INVALID_NETWORK, ERROR, "a range of addresses is not in CIDR notation",                           \
      "write it like 10.0.0.0/16 or 2001:db8::/32")                                                     \
    X(PASSWORD_DEFAULT, SECURITY, "a parameter for a secret has a default",                             \
      "remove the default")                                                                             \
    /* IAM policies: names of IAM Access Analyzer */                                                    \
    X(JSON_SYNTAX_ERROR, ERROR, "a policy is not valid JSON",                                           \
      "correct the JSON text")                                                                          \
    X(DATA_TYPE_MISMATCH, ERROR, "an element of a policy has the wrong type",                           \
      "give a value of the right type")                                                                 \
    X(INVALID_POLICY_ELEMENT, ERROR, "a policy has an element that does not exist",                     \
      "correct the name, or remove it")                                                                 \
    X(MISSING_STATEMENT, ERROR, "a policy has no statement",                                            \
      "add a Statement")                                                                                \
    X(INVALID_VERSION, ERROR, "the version of a policy does not exist",                                 \
      "write Version: '2012-10-17'")                                                                    \
    X(MISSING_VERSION, WARNING, "a policy has no version, so that policy variables do not work",        \
      "add Version: '2012-10-17'")                                                                      \
    X(MISSING_EFFECT, ERROR, "a statement has no effect",                                               \
      "add Effect: Allow or Effect: Deny")                                                              \
    X(INVALID_EFFECT, ERROR, "the effect of a statement is neither Allow nor Deny",                     \
      "write Allow or Deny")                                                                            \
    X(MISSING_ACTION, ERROR, "a statement has neither Action nor NotAction",                            \
      "add the actions")                                                                                \
    X(MISSING_RESOURCE, ERROR, "a statement has neither Resource nor NotResource",                      \
      "add the resources")                                                                              \
    X(MISSING_PRINCIPAL, ERROR, "a statement of a resource policy has no principal",                    \
      "add the principal")                                                                              \
    X(UNSUPPORTED_ELEMENT_COMBINATION, ERROR, "a statement has an element and its opposite",            \
      "remove one of them")                                                                             \
    X(UNSUPPORTED_PRINCIPAL, ERROR, "an identity policy cannot have a principal",                       \
      "remove the element")                                                                             \
    X(UNIQUE_SIDS_REQUIRED, ERROR, "two statements of a policy have the same Sid",                      \
      "give each statement a Sid of its own")                                                           \
    X(UNSUPPORTED_SID, ERROR, "a Sid has characters that the policy does not accept",                   \
      "use letters and digits only")                                                                    \
    X(INVALID_ACTION, ERROR, "an action does not have the form service:Action, or does not exist",      \
      "correct the action")                                                                             \
    X(UNKNOWN_ACTION, WARNING, "no action of the service has this name",                                \
      "correct the action: it allows nothing")                                                          \
    X(INVALID_SERVICE_IN_ACTION, WARNING, "there is no service with this prefix",                       \
      "correct the prefix: the action allows nothing")                                                  \
    X(INVALID_ARN, ERROR, "a resource is neither an ARN nor *",                                         \
      "write arn:partition:service:region:account:resource")                                            \
    X(INVALID_PARTITION, ERROR, "an ARN has a partition that does not exist",                           \
      "use ${AWS::Partition}")                                                                          \
    X(INVALID_CONDITION_OPERATOR, ERROR, "there is no such condition operator",                         \
      "correct the operator")                                                                           \
    X(INVALID_CONDITION_KEY_FORMAT, ERROR, "a condition key does not have the form prefix:name",        \
      "correct the key")                                                                                \
    X(INVALID_GLOBAL_CONDITION_KEY, ERROR, "there is no such global condition key",                     \
      "correct the key")                                                                                \
    X(NULL_WITH_IF_EXISTS, ERROR, "the operator Null cannot be used with IfExists",                     \
      "remove IfExists")                                                                                \
    X(INVALID_CONDITION_DATA_TYPE, ERROR, "a condition compares values of the wrong type",              \
      "give a value of the type of the operator")                                                       \
    X(WILDCARD_WITHOUT_LIKE_OPERATOR, WARNING, "a wildcard has no meaning for this operator",           \
      "use the operator with Like, or write the value out")                                             \
    X(FORALLVALUES_WITH_SINGLE_VALUED_KEY, SECURITY,                                                    \
      "ForAllValues is true when the request does not have the key",                                    \
      "remove ForAllValues:")                                                                           \
    X(POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA, ERROR, "a policy is larger than IAM accepts",          \
      "shorten it, or split it into several policies")                                                  \
    X(POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA, ERROR,                                               \
      "a trust policy is larger than the default quota of 2,048 characters",                            \
      "shorten it, for example with aws:PrincipalArn instead of many principals")                       \
    X(INVALID_ROLE_REFERENCE, WARNING, "a principal is the ID of an identity that was deleted",         \
      "write the ARN of the role or user")                                                              \
    X(INVALID_PRINCIPAL_FORMAT, ERROR, "a principal has an invalid form",                               \
      "write an ARN, an account ID, or the name of a service")                                          \
    X(INVALID_PRINCIPAL_KEY, ERROR, "there is no such type of principal",                               \
      "use AWS, Service, Federated or CanonicalUser")                                                   \
    X(INVALID_SERVICE_PRINCIPAL_FORMAT, ERROR, "a service principal has an invalid form",               \
      "write SERVICE.amazonaws.com")                                                                    \
    X(ALLOW_WITH_NOTPRINCIPAL, SECURITY, "NotPrincipal with Allow allows everybody else",               \
      "name the principals with Principal")                                                             \
    X(PASS_ROLE_WITH_STAR_IN_RESOURCE, SECURITY, "iam:PassRole is allowed for every role",              \
      "name the roles that may be passed")                                                              \
    /* trust policies */                                                                                \
    X(ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE, ERROR, "a trust policy cannot have a resource",          \
      "remove the element")                                                                             \
    X(ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL, ERROR, "a trust policy cannot have NotPrincipal",    \
      "name the principals with Principal")                                                             \
    X(ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL, ERROR,                                       \
      "a principal of a trust policy is an ARN with a wildcard, which matches nothing",                 \
      "name the account, and narrow it with a condition on aws:PrincipalArn")                           \
    X(MISMATCHED_ACTION_FOR_PRINCIPAL, ERROR, "an action does not fit the type of principal",           \
      "use sts:AssumeRole for AWS and Service, sts:AssumeRoleWithWebIdentity or "                       \
      "sts:AssumeRoleWithSAML for Federated")                                                           \
    X(INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY, ERROR,                                   \
      "a federated principal is not an identity provider",                                              \
      "write the ARN of the OIDC or SAML provider")                                                     \
    X(UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL, ERROR,                                           \
      "requests of this service do not have the condition key, so that it is never fulfilled",          \
      "remove the condition")                                                                           \
    X(RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL, SECURITY,                                                    \
      "a service can use the role on behalf of any account (confused deputy)",                          \
      "add conditions on aws:SourceAccount and aws:SourceArn")                                          \
    X(MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL, SECURITY,                                               \
      "the trust of an OIDC provider does not say whose tokens are accepted",                           \
      "add StringEquals conditions on the :sub and :aud of the provider")                               \
    X(MISSING_GITHUB_REPO_CONDITION_KEY, SECURITY, "any GitHub repository can assume the role",         \
      "add a condition on token.actions.githubusercontent.com:sub, for example "                        \
      "repo:OWNER/REPOSITORY:*")                                                                        \
    X(MISSING_OIDC_AUDIENCE, WARNING, "the trust of an OIDC provider does not check the audience",      \
      "add a StringEquals condition on the :aud of the provider")                                       \
    X(LITERAL_CONDITION_KEY, ERROR, "${} in a condition key is not replaced in an object",              \
      "write the whole policy as JSON text in Fn::Sub, or write the issuer out")                        \
    X(ISSUER_MISMATCH, ERROR, "a condition key has another issuer than the provider",                   \
      "use the issuer of the provider in the condition key")                                            \
    X(POD_IDENTITY_WITHOUT_TAG_SESSION, ERROR,                                                          \
      "the trust for EKS Pod Identity does not allow sts:TagSession",                                   \
      "write Action: [sts:AssumeRole, sts:TagSession]")                                                 \
    X(MISSING_EXTERNAL_ID, SECURITY, "another account can assume the role without an external ID",      \
      "add the condition StringEquals: {sts:ExternalId: ...}")                                          \
    X(EXTERNAL_ID_OPTIONAL, SECURITY, "the condition on sts:ExternalId is met without the external ID", \
      "write StringEquals: {sts:ExternalId: ...}")                                                      \
    X(EXTERNAL_ID_INVALID, SECURITY, "an external ID has a length or characters that STS refuses",      \
      "use 2 to 1,224 letters, digits and _+=,.@:/-")                                                   \
    X(EXTERNAL_ID_DEFAULT, SECURITY, "the parameter for the external ID has a default",                 \
      "remove the default: an external ID must be unique for each customer")                            \
    X(EXTERNAL_ID_GUESSABLE, WARNING, "an external ID is easy to guess",                                \
      "use a random one, for example from `uuidgen`")                                                   \
    X(ACCOUNT_WIDE_TRUST, WARNING, "every identity of another account can assume the role",             \
      "add the condition ArnEquals: {aws:PrincipalArn: ...}")                                           \
    X(PUBLIC_TRUST, SECURITY, "anybody can assume the role",                                            \
      "name the account, or add conditions on aws:PrincipalOrgID and aws:PrincipalArn")                 \
    /* permissions */                                                                                   \
    X(ADMIN_POLICY, SECURITY, "a policy allows every action on every resource",                         \
      "list the actions that are needed")                                                               \
    X(ASSUME_ROLE_WITH_STAR, SECURITY, "any role in any account may be assumed",                        \
      "name the roles that may be assumed")                                                             \
    X(DATA_READ, SECURITY, "a role for assessments can read data",                                       \
      "remove the action, or limit it to the resources that are needed")                                \
    X(PUBLIC_RESOURCE_POLICY, SECURITY, "a resource policy allows everybody",                           \
      "name the principals, or add conditions")                                                         \
    /* hosts */                                                                                         \
    X(IMDSV1_ALLOWED, SECURITY, "an instance answers requests of IMDSv1",                               \
      "set MetadataOptions.HttpTokens to required")                                                     \
    X(PUBLIC_FUNCTION_URL, SECURITY, "a function URL can be called without credentials",                \
      "set AuthType to AWS_IAM")                                                                        \
    X(PUBLIC_FUNCTION, SECURITY, "everybody may invoke a function",                                     \
      "name the principal, and give SourceAccount or SourceArn for a service")                          \
    X(OPEN_SECURITY_GROUP, SECURITY, "a port is open to the whole internet",                            \
      "limit CidrIp to the networks of the clients")
// clang-format on

#endif
