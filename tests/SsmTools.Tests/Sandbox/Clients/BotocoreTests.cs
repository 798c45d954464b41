using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Clients;

/// <summary>What botocore makes of the sandbox: it parses every answer by the full models, and sees errors as AWS's.</summary>
public sealed class BotocoreTests
{
    private const string Prelude = """
        import json, os, time, urllib.request, botocore.session
        from botocore.config import Config
        from botocore.exceptions import ClientError
        session = botocore.session.get_session()
        config = Config(retries={'max_attempts': 0})
        iam, sts, ssm, ec2 = [session.create_client(name, endpoint_url=os.environ['AWS_ENDPOINT_URL'], config=config)
                              for name in ('iam', 'sts', 'ssm', 'ec2')]
        subnet, dead, group, vpc = [os.environ[name] for name in ('SUBNET', 'DEAD_SUBNET', 'GROUP', 'VPC')]
        trust = {'Version': '2012-10-17', 'Statement': [
            {'Effect': 'Allow', 'Principal': {'Service': 'ec2.amazonaws.com'}, 'Action': 'sts:AssumeRole'}]}
        core = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore'

        def refused(code, call, **parameters):
            try:
                call(**parameters)
            except ClientError as error:
                assert error.response['Error']['Code'] == code, error
                assert error.response['ResponseMetadata']['RequestId'], error
                return error
            raise AssertionError('not refused: ' + code)

        def until(condition):
            for _ in range(200):
                if condition():
                    return
                time.sleep(0.05)
            raise AssertionError('in vain')

        def make_profile(name):
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust), Description='ä <&> +')
            iam.attach_role_policy(RoleName=name, PolicyArn=core)
            iam.create_instance_profile(InstanceProfileName=name)
            iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)

        def image(path='ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64'):
            return ssm.get_parameter(Name='/aws/service/' + path)['Parameter']['Value']

        """;

    [BotocoreFact]
    public Task The_journey_and_its_awkward_truths()
    {
        return RunAsync("""
            make_profile('web')
            role = iam.get_role(RoleName='web')['Role']
            assert role['AssumeRolePolicyDocument'] == trust and role['Description'] == 'ä <&> +', role
            launch = dict(ImageId=image(), MinCount=1, MaxCount=1, InstanceType='t3.nano', SubnetId=subnet, SecurityGroupIds=[group],
                          IamInstanceProfile={'Name': 'web'}, UserData='#!/bin/sh\necho hello\n',
                          MetadataOptions={'HttpTokens': 'required', 'HttpPutResponseHopLimit': 64, 'HttpEndpoint': 'enabled'})
            error = refused('InvalidParameterValue', ec2.run_instances, **launch)
            assert 'Invalid IAM Instance Profile name' in str(error)
            urllib.request.urlopen(os.environ['AWS_ENDPOINT_URL'] + '/turn').close()
            refused('DryRunOperation', ec2.run_instances, DryRun=True, **launch)
            run = ec2.run_instances(ClientToken='once', **launch)
            assert run['ReservationId'] == ec2.run_instances(ClientToken='once', **launch)['ReservationId']
            refused('IdempotentParameterMismatch', ec2.run_instances, ClientToken='once', **{**launch, 'MaxCount': 2})
            one = run['Instances'][0]['InstanceId']
            lost = ec2.run_instances(**{**launch, 'SubnetId': dead})['Instances'][0]['InstanceId']
            state = lambda id: ec2.describe_instances(InstanceIds=[id])['Reservations'][0]['Instances'][0]['State']['Name']
            until(lambda: state(one) == 'running' and state(lost) == 'running')
            until(lambda: [n['InstanceId'] for n in ssm.describe_instance_information(
                Filters=[{'Key': 'InstanceIds', 'Values': [one, lost]}])['InstanceInformationList']] == [one])
            console = ec2.get_console_output(InstanceId=lost)['Output']
            assert 'do not let' in console, console
            started = ssm.start_session(Target=one, Reason='test')
            assert started['TokenValue'] and started['StreamUrl'].startswith('ws://')
            refused('TargetNotConnected', ssm.start_session, Target=lost)
            refused('InvalidDocument', ssm.start_session, Target=one, DocumentName='Nonsense')
            assert ssm.describe_sessions(State='Active')['Sessions'][0]['Reason'] == 'test'
            ssm.terminate_session(SessionId=started['SessionId'])
            assert ssm.describe_sessions(State='History')['Sessions'][0]['Status'] == 'Terminated'
            ec2.terminate_instances(InstanceIds=[one, lost])
            refused('DeleteConflict', iam.delete_role, RoleName='web')
            iam.detach_role_policy(RoleName='web', PolicyArn=core)
            iam.remove_role_from_instance_profile(InstanceProfileName='web', RoleName='web')
            iam.delete_instance_profile(InstanceProfileName='web')
            iam.delete_role(RoleName='web')
            refused('NoSuchEntity', iam.get_role, RoleName='web')
            until(lambda: state(one) == 'terminated')
            """);
    }

    [BotocoreFact]
    public Task Every_listing_of_ec2_is_understood_and_pages()
    {
        return RunAsync("""
            for name in ('vpcs', 'subnets', 'route_tables', 'network_acls', 'internet_gateways', 'nat_gateways', 'security_groups',
                         'security_group_rules', 'vpc_endpoints', 'vpc_endpoint_services', 'images', 'instance_types',
                         'instance_type_offerings', 'availability_zones', 'regions', 'network_interfaces', 'tags'):
                answer = getattr(ec2, 'describe_' + name)()
                lists = [value for value in answer.values() if isinstance(value, list)]
                assert lists and all(lists), (name, answer)
            ids = [i['InstanceId'] for i in ec2.run_instances(
                ImageId=image(), MinCount=12, MaxCount=12, InstanceType='t3.nano', SubnetId=subnet)['Instances']]
            pages = list(ec2.get_paginator('describe_instances').paginate(PaginationConfig={'PageSize': 5}))
            assert len(pages) == 3
            assert sorted(ids) == sorted(i['InstanceId'] for p in pages for r in p['Reservations'] for i in r['Instances'])
            assert len(ec2.describe_volumes(Filters=[{'Name': 'attachment.instance-id', 'Values': ids}])['Volumes']) == 12
            parameters = [p for page in ssm.get_paginator('get_parameters_by_path').paginate(Path='/aws/service', Recursive=True)
                          for p in page['Parameters']]
            assert len(parameters) == len(set(p['Name'] for p in parameters)) > 20
            """);
    }

    [BotocoreFact]
    public Task Signatures_are_its_own_and_refusals_are_awss()
    {
        return RunAsync("""
            assert sts.get_caller_identity()['Arn'].endswith(':user/client')
            def client(name, **more):
                return session.create_client(name, endpoint_url=os.environ['AWS_ENDPOINT_URL'], config=config, **more)
            wrong = dict(aws_access_key_id=os.environ['AWS_ACCESS_KEY_ID'], aws_secret_access_key='wrong')
            refused('SignatureDoesNotMatch', client('sts', **wrong).get_caller_identity)
            refused('AuthFailure', client('ec2', **wrong).describe_vpcs)
            refused('InvalidSignatureException', client('ssm', **wrong).describe_sessions, State='Active')
            refused('InvalidSignatureException', client('ssm', region_name='us-west-2').describe_sessions, State='Active')
            trust['Statement'][0]['Principal'] = {'AWS': sts.get_caller_identity()['Account']}
            arn = iam.create_role(RoleName='taken', AssumeRolePolicyDocument=json.dumps(trust))['Role']['Arn']
            keys = sts.assume_role(RoleArn=arn, RoleSessionName='me')['Credentials']
            taken = dict(aws_access_key_id=keys['AccessKeyId'], aws_secret_access_key=keys['SecretAccessKey'],
                         aws_session_token=keys['SessionToken'])
            assert client('sts', **taken).get_caller_identity()['Arn'].endswith(':assumed-role/taken/me')
            refused('UnauthorizedOperation', client('ec2', **taken).describe_instances)
            taken['aws_session_token'] = 'another'
            refused('InvalidClientTokenId', client('sts', **taken).get_caller_identity)
            """);
    }

    private static async Task RunAsync(string script)
    {
        // Longer than any machine takes between the making of a profile and the launch with it, and shorter than the time by
        // which a signature may be off.
        await using ClientStage stage = new(TimeSpan.FromMinutes(2));
        (int code, string output, string error) = await ClientProcess.RunAsync(
            AwsClients.Python!, ["-"], stage.Environment, Prelude + "\n" + script, TestTimeout.Seconds(120));
        Assert.True(code == 0, output + error);
    }
}
