BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    . $PSScriptRoot/sandboxapi.ps1
    $web = New-SsmInstanceRole web | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name web-1
    $null = $web | Test-SsmRegistration -Wait
    $started = Get-Date
    $null = Invoke-SsmCommand web-1 -Command 'echo one' -Session
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Get-SsmSessionLog' {
    It 'tells who was where, when, how long, and from where' {
        $entry = Get-SsmSessionLog web-1
        $entry | Should -BeOfType SsmTools.Output.SsmSessionLog
        $entry.UserName | Should -Be 'sandbox'
        $entry.InstanceId | Should -Be $web.InstanceId
        $entry.Name | Should -Be 'web-1'
        $entry.Status | Should -Be 'Terminated'
        $entry.StartTime | Should -BeGreaterOrEqual $started.AddSeconds(-5)
        $entry.EndTime | Should -BeGreaterOrEqual $entry.StartTime
        $entry.SourceAddress | Should -Be '127.0.0.1'
        $entry.UserAgent | Should -Not -BeNullOrEmpty
        $entry.Mfa | Should -BeNullOrEmpty
    }

    It 'filters by owner, time and state, and takes instances from the pipeline' {
        ($web | Get-SsmSessionLog -Owner sand*).Count | Should -Be 1
        Get-SsmSessionLog -Owner somebody | Should -BeNullOrEmpty
        Get-SsmSessionLog -Before $started.AddMinutes(-1) | Should -BeNullOrEmpty
        @(Get-SsmSessionLog -After $started.AddMinutes(-1)).Count | Should -BeGreaterOrEqual 1
        Get-SsmSessionLog -Active | Should -BeNullOrEmpty
        $id = (Get-SsmSessionLog web-1).SessionId
        (Get-SsmSessionLog -SessionId $id).SessionId | Should -Be $id
    }

    It 'goes on without CloudTrail, and says so once' {
        New-IamUser auditor
        $policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ssm:DescribeSessions","ec2:DescribeInstances","ssm:DescribeInstanceInformation"],"Resource":"*"}]}'
        $null = Invoke-Iam "Action=CreatePolicy&PolicyName=audit&PolicyDocument=$([uri]::EscapeDataString($policy))"
        $account = (Get-SsmSessionLog web-1).Owner.Split(':')[4]
        $null = Invoke-Iam "Action=AttachUserPolicy&UserName=auditor&PolicyArn=arn:aws:iam::${account}:policy/audit"
        $key = New-IamKey auditor
        $entry = Get-SsmSessionLog @key -WarningVariable warned -WarningAction SilentlyContinue
        $entry.SourceAddress | Should -BeNullOrEmpty
        @($warned).Count | Should -Be 1
        "$warned" | Should -Match 'cloudtrail:LookupEvents'
    }

    It 'reads what was logged with -Text' {
        $id = (Get-SsmSessionLog web-1).SessionId
        function Invoke-Json([string] $Service, [string] $Target, [hashtable] $Body) {
            Invoke-SignedRequest $Service 'application/x-amz-json-1.1' ($Body | ConvertTo-Json -Depth 9 -Compress) $Target
        }
        $document = (Invoke-Json ssm AmazonSSM.GetDocument @{ Name = 'SSM-SessionManagerRunShell' }).Content | ConvertFrom-Json -AsHashtable
        $document.inputs.cloudWatchLogGroupName = '/ssm/sessions'
        $null = Invoke-Json ssm AmazonSSM.UpdateDocument @{ Name = 'SSM-SessionManagerRunShell'; DocumentVersion = '$LATEST'; Content = ($document | ConvertTo-Json -Depth 9) }
        $null = Invoke-Json logs Logs_20140328.CreateLogGroup @{ logGroupName = '/ssm/sessions' }
        $null = Invoke-Json logs Logs_20140328.CreateLogStream @{ logGroupName = '/ssm/sessions'; logStreamName = $id }
        $null = Invoke-Json logs Logs_20140328.PutLogEvents @{
            logGroupName = '/ssm/sessions'; logStreamName = $id
            logEvents = @(@{ timestamp = [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds(); message = "`$ echo one`none" })
        }
        $entry = Get-SsmSessionLog web-1 -Text
        $entry.Text | Should -Match 'echo one'
        $entry.LogLocation | Should -Be "logs:/ssm/sessions/$id"
    }

    It 'shows a table of 80 columns' {
        $text = Get-SsmSessionLog web-1 | Format-Table | Out-String -Width 80
        $text | Should -Match 'StartTime\s+Duration\s+UserName\s+Node\s+Status\s+From'
        $text | Should -Match 'sandbox\s+web-1\s+Terminated\s+127\.0\.0\.1'
    }

    It 'reports a name that no node has, and takes ids of those that are gone' {
        $failed = Get-Failure { Get-SsmSessionLog nobody -ErrorAction Stop }
        Assert-Error $failed TargetNotFound ObjectNotFound 'nobody'
        Get-SsmSessionLog i-0123456789abcdef0 -ErrorAction Stop | Should -BeNullOrEmpty
    }
}
