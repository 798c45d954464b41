BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $null = 'web', 'old' | New-SsmInstanceRole
    $subnet = $sandbox.Subnets.Isolated[0]
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Set-SsmInstanceRole' {
    It 'gives a role to instances that have none, says that agents sleep, and does nothing the second time' {
        $bare = New-SsmInstance $subnet -Name bare -Count 2 -WarningAction SilentlyContinue
        $set = $bare | Set-SsmInstanceRole web -PassThru -WarningVariable said -WarningAction SilentlyContinue
        $set | Should -BeOfType SsmTools.Output.SsmInstance
        $set | Should -HaveCount 2
        $set[0].InstanceProfileArn | Should -Match '/web$'
        (Invoke-Child 'Set-SsmInstanceRole web bare -WhatIf').Output | Should -Not -Match 'What if'
        Set-SsmInstanceRole web bare | Should -BeNullOrEmpty
    }

    It 'warns of agents that sleep, until when, and what ends it' {
        $null = New-SsmInstance $subnet -Name sleeper -WarningAction SilentlyContinue
        do {
            $node = Test-SsmRegistration sleeper
            Start-Sleep -Milliseconds 200
        } while ($node.Reason -notmatch 'no instance profile')
        Set-SsmInstanceRole web sleeper -WarningVariable said -WarningAction SilentlyContinue
        "$said" | Should -Match 'by \d\d:\d\d at the latest'
        "$said" | Should -Match 'Restart-EC2Instance i-'
    }

    It 'replaces what this module made, and says so first with -WhatIf' {
        $null = New-SsmInstance $subnet -InstanceProfileName old -Name other
        $said = Invoke-Child 'Set-SsmInstanceRole web oth* -WhatIf'
        $said.Output | Should -Match 'What if: .*Replace instance profile old by instance profile web with role web.*\(other\)'
        (Set-SsmInstanceRole -InstanceProfileName web -InstanceId other -PassThru).InstanceProfileArn | Should -Match '/web$'
    }

    It 'takes the profile that is named where a role is in several' {
        $null = New-SsmInstanceRole web -InstanceProfileName spare
        $null = New-SsmInstance $subnet -InstanceProfileName old -Name both
        (Set-SsmInstanceRole web both -InstanceProfileName spare -PassThru).InstanceProfileArn | Should -Match '/spare$'
        $failed = Get-Failure { Set-SsmInstanceRole old both -InstanceProfileName spare -ErrorAction Stop }
        Assert-Error $failed InstanceProfileConflict ResourceExists old
    }

    It 'goes on with the good ones after those that cannot have it' {
        $good = New-SsmInstance $subnet -Name good -WarningAction SilentlyContinue
        $set = 'i-0123456789abcdef0', 'nobody', $good |
            Set-SsmInstanceRole web -PassThru -ErrorVariable failed -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $set.InstanceId | Should -Be $good.InstanceId
        $failed | Should -HaveCount 2
        Assert-Error ($failed | Where-Object TargetObject -EQ nobody) TargetNotFound ObjectNotFound nobody
        Assert-Error ($failed | Where-Object TargetObject -Like 'i-*') InstanceNotFound ObjectNotFound 'i-0123456789abcdef0'
    }

    It 'goes on after an instance that AWS refuses' {
        $pair = New-SsmInstance $subnet -Name pair -Count 2 -WarningAction SilentlyContinue
        Set-SsmSandboxFault throttle:AssociateIamInstanceProfile:x3
        try {
            $set = $pair | Set-SsmInstanceRole web -PassThru -ErrorVariable failed -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        }
        finally {
            Set-SsmSandboxFault -Clear
        }
        $set | Should -HaveCount 1
        $failed | Should -HaveCount 1
        $refused = $pair.InstanceId | Where-Object { $_ -ne $set.InstanceId }
        Assert-Error $failed[0] Throttled LimitsExceeded $refused
        (Set-SsmInstanceRole web pair -PassThru -WarningAction SilentlyContinue) | Should -HaveCount 2
    }

    It 'names a role that is not there' {
        $failed = Get-Failure { Set-SsmInstanceRole nothing good -ErrorAction Stop }
        Assert-Error $failed RoleNotFound ObjectNotFound nothing
    }

    It 'completes roles, profiles and instances' {
        (Complete 'Set-SsmInstanceRole we').CompletionText | Should -Be 'web'
        (Complete 'Set-SsmInstanceRole -InstanceProfileName ol').CompletionText | Should -Be 'old'
        (Complete 'Set-SsmInstanceRole web oth').CompletionText | Should -Match '^i-'
    }
}
