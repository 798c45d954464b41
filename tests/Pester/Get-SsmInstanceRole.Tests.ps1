BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $null = New-SsmInstanceRole web -LogBucket logs/web -CloudWatchAgent
    $null = New-SsmInstanceRole database
    $instance = New-SsmInstance $sandbox.Subnets.Isolated[0] -InstanceProfileName web -Name web-1
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Get-SsmInstanceRole' {
    It 'shows a role that is named, whole' {
        $role = Get-SsmInstanceRole web
        $role | Should -BeOfType SsmTools.Output.SsmInstanceRoleInfo
        $role.InstanceProfileName | Should -Be 'web'
        $role.Policies | Should -Be 'AmazonSSMManagedInstanceCore', 'CloudWatchAgentServerPolicy'
        $role.InlinePolicies | Should -Be 'SsmTools-SessionLogBucket'
        $role.TrustedBy | Should -Be 'ec2.amazonaws.com'
        $role.CanRegister | Should -BeTrue
        $role.Problem | Should -BeNullOrEmpty
        $role.MadeBySsmTools | Should -BeTrue
        $role.Instances | Should -Be $instance.InstanceId
    }

    It 'lists the roles in instance profiles, by wildcards too' {
        (Get-SsmInstanceRole).RoleName | Should -Be 'database', 'web'
        (Get-SsmInstanceRole d*).RoleName | Should -Be 'database'
        (Get-SsmInstanceRole d*).Policies | Should -BeNullOrEmpty
        (Get-SsmInstanceRole d* -Detailed).Policies | Should -Be 'AmazonSSMManagedInstanceCore'
        Get-SsmInstanceRole nothing* | Should -BeNullOrEmpty
    }

    It 'goes on after a name that is not there' {
        $roles = 'web', 'databse', 'database' | Get-SsmInstanceRole -ErrorVariable failed -ErrorAction SilentlyContinue
        $roles.RoleName | Should -Be 'web', 'database'
        $failed | Should -HaveCount 1
        Assert-Error $failed[0] RoleNotFound ObjectNotFound 'databse'
        $failed[0].ErrorDetails.RecommendedAction | Should -Match 'database'
    }

    It 'hands its profile to New-SsmInstance and takes roles from the pipeline' {
        $launched = Get-SsmInstanceRole database | New-SsmInstance $sandbox.Subnets.Isolated[0]
        $launched.InstanceProfileArn | Should -Match '/database$'
        (New-SsmInstanceRole database | Get-SsmInstanceRole).Instances | Should -Contain $launched.InstanceId
    }

    It 'completes roles' {
        (Complete 'Get-SsmInstanceRole da').CompletionText | Should -Be 'database'
    }

    It 'shows a table that fits <_> columns' -ForEach 80, 120 {
        $lines = Get-SsmInstanceRole -Detailed | Format-Table | Out-String -Width $_ -Stream
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $_
        $lines -join "`n" | Should -Match 'RoleName +InstanceProfileName +CanRegister +Detail'
        $lines -join "`n" | Should -Match 'web +web +True +AmazonSSM'
    }
}
