BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/sandboxapi.ps1
    $sandbox = Start-TestSandbox
    $WarningPreference = 'SilentlyContinue'
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Enable-SsmHostManagement' {
    It 'sets up what Quick Setup does, for all nodes' {
        $tasks = Enable-SsmHostManagement
        $tasks | Should -BeOfType SsmTools.Output.SsmHostManagement
        $tasks.Task | Should -Be 'AgentUpdate', 'Inventory', 'PatchScan'
        $tasks.Schedule | Should -Be 'rate(14 days)', 'rate(30 minutes)', 'rate(1 day)'
        $tasks[0].Targets | Should -Be all
        $tasks.MadeBy | Select-Object -Unique | Should -Be SsmTools
    }

    It 'sets up the CloudWatch agent on request, by tag' {
        $tasks = Enable-SsmHostManagement web -Tag @{ Role = 'web' } -CloudWatchConfiguration AmazonCloudWatch-linux
        $tasks.Task | Should -Be 'AgentUpdate', 'Inventory', 'PatchScan', 'CloudWatchAgent', 'CloudWatchConfig'
        $tasks[3].Schedule | Should -Be 'rate(30 days)'
        $tasks[3].Targets | Should -Be 'tag Role=web'
    }

    It 'does not take a table without tags for all nodes' {
        { Enable-SsmHostManagement none -Tag @{} -WhatIf } | Should -Throw '*Tag*' -ErrorId 'ParameterArgumentValidationError*'
    }

    It 'takes instances from the pipeline into one set, and finds them by name' {
        $subnet = $sandbox.Subnets.Isolated[0]
        $instances = New-SsmInstanceRole web | New-SsmInstance $subnet -Name piped -Count 2 -Wait
        $tasks = $instances | Enable-SsmHostManagement piped -Task Inventory
        $tasks.Targets | Should -Be ($instances.InstanceId | Sort-Object)
        $said = Invoke-Child 'Enable-SsmHostManagement piped -InstanceId nobody'
        $said.Errors | Should -Match nobody
        (Get-SsmHostManagement piped).Targets | Should -HaveCount 2
    }

    It 'says each change with -WhatIf and makes none, and says what others do already' {
        $body = '{"Name":"AWS-GatherSoftwareInventory","AssociationName":"AWS-QuickSetup-SSMHostMgmt-CollectInventory-x","Targets":[{"Key":"InstanceIds","Values":["*"]}]}'
        $null = Invoke-SignedRequest ssm 'application/x-amz-json-1.1' $body 'AmazonSSM.CreateAssociation'
        $said = Invoke-Child 'Enable-SsmHostManagement never -WhatIf'
        $said.Output | Should -Match 'What if: .*Make the association to update the agent, rate\(14 days\), on all'
        ($said.Output -replace '\s+', ' ') | Should -Match "WARNING: Quick Setup's association AWS-QuickSetup-SSMHostMgmt-CollectInventory-x"
        Get-SsmHostManagement nev* | Should -BeNullOrEmpty
    }

    It 'changes what differs, and nothing where nothing does' {
        $null = Enable-SsmHostManagement same -Task PatchScan
        (Invoke-Child 'Enable-SsmHostManagement same -Task PatchScan -WhatIf').Output | Should -Not -Match 'What if'
        $said = Invoke-Child 'Enable-SsmHostManagement same -Task PatchScan -Tag @{ Env = ''prod'' } -WhatIf'
        $said.Output | Should -Match 'What if: .*Change the targets from all to tag Env=prod'
    }

    It 'switches Default Host Management on, with its role' {
        $default = Enable-SsmHostManagement -DefaultHostManagement
        $default.Task | Should -Be DefaultHostManagement
        $default.Status | Should -Be On
        $default.Document | Should -Be AWSSystemsManagerDefaultEC2InstanceManagementRole
        Disable-SsmHostManagement -DefaultHostManagement
    }

    It 'refuses a name and a role that cannot be' {
        $failed = Get-Failure { Enable-SsmHostManagement 'no good' -ErrorAction Stop }
        Assert-Error $failed HostManagementInvalid InvalidArgument 'no good'
        $failed = Get-Failure { Enable-SsmHostManagement -DefaultHostManagement -RoleName web -ErrorAction Stop }
        Assert-Error $failed NodeRoleTrustMismatch ResourceExists web
    }

    It 'completes tasks and names, and fits <_> columns' -ForEach 80, 120 {
        (Complete 'Enable-SsmHostManagement x -Task P').CompletionText | Should -Be PatchScan
        (Complete 'Enable-SsmHostManagement we').CompletionText | Should -Be web
        $lines = Get-SsmHostManagement | Out-String -Width $_ -Stream
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $_
        $lines -join "`n" | Should -Match 'Name +Task +Status +Failed +Schedule +Targets'
    }
}
