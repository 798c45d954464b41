BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/sandboxapi.ps1
    $sandbox = Start-TestSandbox
    $WarningPreference = 'SilentlyContinue'
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Disable-SsmHostManagement' {
    It 'takes a set away, or some tasks of it, and can be run again' {
        $null = Enable-SsmHostManagement web
        (Disable-SsmHostManagement web -Task Inventory -PassThru).Task | Should -Be Inventory
        (Get-SsmHostManagement web).Task | Should -Be 'AgentUpdate', 'PatchScan'
        Disable-SsmHostManagement web | Should -BeNullOrEmpty
        Disable-SsmHostManagement web -WarningVariable said
        "$said" | Should -Match 'nothing to remove'
    }

    It 'takes what Get-SsmHostManagement shows' {
        $null = Enable-SsmHostManagement piped
        $null = Enable-SsmHostManagement -DefaultHostManagement
        Get-SsmHostManagement | Disable-SsmHostManagement
        (Get-SsmHostManagement).Status | Should -Be Off
    }

    It 'takes the setting among tasks, however it is written' {
        $null = Enable-SsmHostManagement -DefaultHostManagement
        Disable-SsmHostManagement -Task defaulthostmanagement
        (Get-SsmHostManagement | Where-Object Task -EQ DefaultHostManagement).Status | Should -Be Off
        $null = Enable-SsmHostManagement both -Task Inventory, PatchScan
        $null = Enable-SsmHostManagement -DefaultHostManagement
        Disable-SsmHostManagement both -Task Inventory, DefaultHostManagement
        (Get-SsmHostManagement both).Task | Should -Be PatchScan
        (Get-SsmHostManagement | Where-Object Task -EQ DefaultHostManagement).Status | Should -Be Off
        Disable-SsmHostManagement both
    }

    It 'says each step with -WhatIf and takes none' {
        $null = Enable-SsmHostManagement kept
        $said = Invoke-Child 'Disable-SsmHostManagement kept -WhatIf'
        $said.Output | Should -Match 'What if: .*Delete the association to collect the inventory.*SsmTools-kept-Inventory'
        (Get-SsmHostManagement kept).Task | Should -HaveCount 3
    }

    It 'keeps what this module did not set up, unless it is forced' {
        $body = '{"Name":"AWS-UpdateSSMAgent","AssociationName":"theirs","Targets":[{"Key":"InstanceIds","Values":["*"]}]}'
        $null = Invoke-SignedRequest ssm 'application/x-amz-json-1.1' $body 'AmazonSSM.CreateAssociation'
        $failed = Get-Failure { Disable-SsmHostManagement theirs -ErrorAction Stop }
        Assert-Error $failed HostManagementNotManaged InvalidOperation theirs
        Disable-SsmHostManagement theirs -Force
        Get-SsmHostManagement their* | Should -BeNullOrEmpty
        $null = Invoke-SignedRequest ssm 'application/x-amz-json-1.1' '{"SettingId":"/ssm/managed-instance/default-ec2-instance-management-role","SettingValue":"theirs"}' 'AmazonSSM.UpdateServiceSetting'
        $failed = Get-Failure { Disable-SsmHostManagement -DefaultHostManagement -ErrorAction Stop }
        $failed.FullyQualifiedErrorId | Should -BeLike 'HostManagementNotManaged,*'
        Disable-SsmHostManagement -DefaultHostManagement -Force
    }

    It 'completes names and tasks' {
        $null = Enable-SsmHostManagement complete -Task PatchScan
        (Complete 'Disable-SsmHostManagement compl').CompletionText | Should -Be complete
        (Complete 'Disable-SsmHostManagement x -Task I').CompletionText | Should -Be Inventory
    }
}
