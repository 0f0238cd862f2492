#include "steps.h"

#define IMAGE(listen)                                                                      \
    "Build the image for arm64 beside the credctl program, and push it:\n"                 \
    "\n"                                                                                   \
    "```sh\n"                                                                              \
    "cat > Dockerfile <<'END'\n"                                                           \
    "FROM public.ecr.aws/amazonlinux/amazonlinux:2023-minimal\n"                           \
    "COPY credctl /usr/local/bin/credctl\n"                                                \
    "USER 65532\n"                                                                         \
    "ENTRYPOINT [\"/usr/local/bin/credctl\"]\n"                                            \
    "CMD [\"mcp\", \"--listen\", \"" listen "\"]\n"                                        \
    "END\n"                                                                                \
    "account=$(aws sts get-caller-identity --query Account --output text)\n"               \
    "registry=$account.dkr.ecr.{{region}}.{{suffix}}\n"                                    \
    "aws ecr create-repository --repository-name {{RepositoryName}} --region {{region}}\n" \
    "aws ecr get-login-password --region {{region}} |\n"                                   \
    "    docker login --username AWS --password-stdin \"$registry\"\n"                     \
    "docker buildx build --platform linux/arm64 --push \\\n"                               \
    "    --tag \"$registry/{{RepositoryName}}:{{ImageTag}}\" .\n"                          \
    "```\n"

#define OUTPUTS                                                                          \
    "```sh\n"                                                                            \
    "aws cloudformation describe-stacks --stack-name {{stack}} --region {{region}} \\\n" \
    "    --query 'Stacks[0].Outputs'\n"                                                  \
    "```\n"

/* On the host itself. */
#define ON_HOST(environment)                                               \
    "On the host, once it has the role:\n"                                 \
    "\n"                                                                   \
    "```sh\n"                                                              \
    "credctl detect --expect " environment " --expect-role {{RoleName}}\n" \
    "credctl validate\n"                                                   \
    "credctl validate role --role-arn {{TargetRoleArns}}\n"                \
    "```\n"

#define BALANCER                                                                                  \
    OUTPUTS "\n"                                                                                  \
            "Point a name that the certificate has to the load balancer. From an address in "     \
            "{{ClientCidr}}, `curl https://NAME/healthz` answers 200, and `https://NAME/mcp` is " \
            "the MCP endpoint.\n"

static const char eks_check[] =
    "The API endpoint of the cluster is private: run this from inside the VPC.\n"
    "\n"
    "```sh\n"
    "aws eks update-kubeconfig --region {{region}} --name \"$(aws cloudformation describe-stacks \\\n"
    "    --stack-name {{stack}} --region {{region}} --output text \\\n"
    "    --query \"Stacks[0].Outputs[?OutputKey=='ClusterName'].OutputValue\")\"\n"
    "role=$(aws cloudformation describe-stacks --stack-name {{stack}} --region {{region}} \\\n"
    "    --output text --query \"Stacks[0].Outputs[?OutputKey=='HostingRoleArn'].OutputValue\")\n"
    "image=ACCOUNT.dkr.ecr.{{region}}.{{suffix}}/credctl-mcp:latest\n"
    "kubectl apply -f - <<END\n"
    "apiVersion: v1\n"
    "kind: Namespace\n"
    "metadata:\n"
    "  name: {{Namespace}}\n"
    "---\n"
    "apiVersion: v1\n"
    "kind: ServiceAccount\n"
    "metadata:\n"
    "  name: {{ServiceAccount}}\n"
    "  namespace: {{Namespace}}\n"
    "  annotations:\n"
    "    eks.amazonaws.com/role-arn: $role\n"
    "---\n"
    "apiVersion: apps/v1\n"
    "kind: Deployment\n"
    "metadata:\n"
    "  name: credctl-mcp\n"
    "  namespace: {{Namespace}}\n"
    "spec:\n"
    "  replicas: 2\n"
    "  selector:\n"
    "    matchLabels: {app: credctl-mcp}\n"
    "  template:\n"
    "    metadata:\n"
    "      labels: {app: credctl-mcp}\n"
    "    spec:\n"
    "      serviceAccountName: {{ServiceAccount}}\n"
    "      automountServiceAccountToken: false\n"
    "      securityContext: {runAsNonRoot: true, runAsUser: 65532, "
    "seccompProfile: {type: RuntimeDefault}}\n"
    "      containers:\n"
    "        - name: mcp\n"
    "          image: $image\n"
    "          command: [/usr/local/bin/credctl, mcp, --listen, '0.0.0.0:8080']\n"
    "          ports: [{containerPort: 8080}]\n"
    "          readinessProbe: {httpGet: {path: /healthz, port: 8080}}\n"
    "          livenessProbe: {httpGet: {path: /healthz, port: 8080}}\n"
    "          resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 256Mi}}\n"
    "          securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, "
    "capabilities: {drop: [ALL]}}\n"
    "---\n"
    "apiVersion: v1\n"
    "kind: Service\n"
    "metadata:\n"
    "  name: credctl-mcp\n"
    "  namespace: {{Namespace}}\n"
    "spec:\n"
    "  selector: {app: credctl-mcp}\n"
    "  ports: [{port: 8080}]\n"
    "END\n"
    "kubectl --namespace {{Namespace}} rollout status deployment/credctl-mcp\n"
    "kubectl --namespace {{Namespace}} exec deployment/credctl-mcp -- /usr/local/bin/credctl detect "
    "--expect eks\n"
    "```\n"
    "\n"
    "The MCP endpoint is `http://credctl-mcp.{{Namespace}}:8080/mcp`, inside the cluster.\n";

static const char pod_before[] =
    "The cluster needs the add-on of EKS Pod Identity:\n"
    "\n"
    "```sh\n"
    "aws eks create-addon --cluster-name {{ClusterName}} --addon-name eks-pod-identity-agent "
    "--region {{region}}\n"
    "```\n"
    "\n"
    "Pod Identity sends session tags, which are passed on. Target roles must allow them: make them "
    "with `credctl gen-template cross-account --session-tags`.\n";

static const char irsa_before[] =
    "The cluster needs an OIDC provider in IAM. It has one when the second command says that it "
    "exists:\n"
    "\n"
    "```sh\n"
    "aws eks describe-cluster --name CLUSTER --region {{region}} "
    "--query cluster.identity.oidc.issuer\n"
    "aws iam create-open-id-connect-provider --url https://{{OidcIssuer}} "
    "--client-id-list sts.amazonaws.com\n"
    "```\n";

static const char irsa_check[] =
    "Pods get the role once their service account has this annotation; those that run must be "
    "started again:\n"
    "\n"
    "```sh\n"
    "kubectl --namespace {{Namespace}} annotate serviceaccount {{ServiceAccount}} --overwrite \\\n"
    "    eks.amazonaws.com/role-arn=\"$(aws iam get-role --role-name {{RoleName}} "
    "--query Role.Arn --output text)\"\n"
    "```\n"
    "\n" ON_HOST("eks");

static const char stackset_before[] =
    "Deploy it in the management account, which must allow StackSets to reach its accounts:\n"
    "\n"
    "```sh\n"
    "aws cloudformation activate-organizations-access --region {{region}}\n"
    "aws organizations list-roots --query 'Roots[].Id'\n"
    "```\n"
    "\n"
    "`OrganizationalUnitIds` is that root, for all accounts, or the IDs of units. The management "
    "account is not among them: deploy `cross-account` there.\n";

static const char lambda_before[] =
    "Put the credctl program and its start script into a zip file, and upload it:\n"
    "\n"
    "```sh\n"
    "printf '#!/bin/sh\\nexec ./credctl mcp --listen 127.0.0.1:8080\\n' > bootstrap\n"
    "chmod 0755 bootstrap credctl\n"
    "zip credctl-lambda.zip bootstrap credctl\n"
    "aws s3 cp credctl-lambda.zip s3://{{ArtifactBucket}}/{{ArtifactKey}} --region {{region}}\n"
    "```\n"
    "\n"
    "`AdapterLayerArn` is the layer of the AWS Lambda Web Adapter in the region, for the processor "
    "of the function: https://awslabs.github.io/aws-lambda-web-adapter/getting-started/"
    "zip-packages.html\n";

static const char ec2_before[] =
    "`ArtifactUrl` is where the instance gets the credctl program for Linux on arm64 without "
    "credentials, for example a presigned URL, and `ArtifactSha256` is what `sha256sum credctl` "
    "prints. The subnet needs a route to it and to the AWS APIs.\n";

static const char github_check[] =
    "In a workflow of {{Repository}}:\n"
    "\n"
    "```yaml\n"
    "permissions:\n"
    "  id-token: write\n"
    "  contents: read\n"
    "steps:\n"
    "  - uses: aws-actions/configure-aws-credentials@v4\n"
    "    with:\n"
    "      role-to-assume: arn:{{partition}}:iam::ACCOUNT:role{{RolePath}}{{RoleName}}\n"
    "      aws-region: {{region}}\n"
    "      audience: sts.amazonaws.com\n"
    "  - run: credctl validate role --role-arn {{TargetRoleArns}}\n"
    "```\n";

static const char target_check[] =
    "On the host that has the hosting role:\n"
    "\n"
    "```sh\n"
    "{{test-access}}\n"
    "```\n"
    "\n"
    "`--check-external-id` also tries without the external ID, which must be denied.\n";

static const char lambda_check[] =
    OUTPUTS "\n"
            "Requests to the function URL are signed with the credentials of `InvokerArn`:\n"
            "\n"
            "```sh\n"
            "curl --aws-sigv4 aws:amz:{{region}}:lambda --user \"$AWS_ACCESS_KEY_ID:"
            "$AWS_SECRET_ACCESS_KEY\" \\\n"
            "    --header \"x-amz-security-token: $AWS_SESSION_TOKEN\" URL/healthz\n"
            "```\n";

static const char agentcore_check[] =
    OUTPUTS "\n"
            "```sh\n"
            "aws bedrock-agentcore-control list-agent-runtimes --region {{region}} \\\n"
            "    --query \"agentRuntimes[?agentRuntimeName=='{{RuntimeName}}']\"\n"
            "```\n";

// clang-format off
const struct cc_steps cc_steps[] = {
    {"ec2", NULL, ON_HOST("ec2")},
    {"ecs", NULL, ON_HOST("ecs")},
    {"fargate", NULL, ON_HOST("fargate")},
    {"eks-irsa", irsa_before, irsa_check},
    {"eks-pod-identity", pod_before, ON_HOST("eks")},
    {"lambda", NULL, ON_HOST("lambda")},
    {"bedrock-agentcore", NULL, ON_HOST("bedrock-agentcore")},
    {"github-oidc", NULL, github_check},
    {"cross-account", NULL, target_check},
    {"stackset", stackset_before, target_check},
    {"deploy-ec2", ec2_before, OUTPUTS},
    {"deploy-ecs", IMAGE("0.0.0.0:8080"), BALANCER},
    {"deploy-fargate", IMAGE("0.0.0.0:8080"), BALANCER},
    {"deploy-eks", IMAGE("0.0.0.0:8080"), eks_check},
    {"deploy-lambda", lambda_before, lambda_check},
    {"deploy-bedrock-agentcore", IMAGE("0.0.0.0:8000"), agentcore_check},
    {0},
};
// clang-format on
