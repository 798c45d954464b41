BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $role = New-SsmInstanceRole web
    $good = $role | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name good
    $null = $good | Test-SsmRegistration -Wait
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Repair-SsmRegistration' {
    It 'says with -WhatIf what it would change, and changes nothing' {
        $null = $role | New-SsmInstance $sandbox.Subnets.Dead[0] -Name looked-at
        $shown = (Invoke-Child 'Repair-SsmRegistration looked-at -Reboot -WhatIf').Output
        $shown | Should -Match 'What if: .*Let 10\.10\.8\.0/24 in on port 443'
        $shown | Should -Match 'What if: .*Reboot the instance'
        (Invoke-Child 'Repair-SsmRegistration looked-at -Reboot -WhatIf').Output | Should -Be $shown
    }

    It 'takes what Test-SsmRegistration returns, and brings the instance there' {
        $dead = $role | New-SsmInstance $sandbox.Subnets.Dead[0] -Name dead
        $node = Test-SsmRegistration dead | Repair-SsmRegistration -Reboot -Wait -Timeout 30 -Confirm:$false
        $node | Should -BeOfType SsmTools.Output.SsmRegistration
        $node.InstanceId | Should -Be $dead.InstanceId
        $node.Registered | Should -BeTrue
    }

    It 'gives an instance without a profile the one that is named' {
        $null = New-SsmInstance $sandbox.Subnets.Isolated[0] -Name bare
        $node = Repair-SsmRegistration bare -InstanceProfileName mended -Reboot -Wait -Timeout 30 -Confirm:$false
        $node.Registered | Should -BeTrue
        (Invoke-Child 'Repair-SsmRegistration bare -WhatIf').Output | Should -BeNullOrEmpty
    }

    It 'finds nothing to do where all is well, and says nothing' {
        Repair-SsmRegistration good | Should -BeNullOrEmpty
        (Repair-SsmRegistration good -PassThru).Registered | Should -BeTrue
    }

    It 'names what cannot be repaired, and goes on with the others' {
        $id = 'i-0123456789abcdef0'
        $nodes = $id, 'nobody', 'good' |
            Repair-SsmRegistration -PassThru -Confirm:$false -ErrorVariable failed -ErrorAction SilentlyContinue
        ($nodes | Where-Object Registered).InstanceId | Should -Be $good.InstanceId
        Assert-Error ($failed | Where-Object FullyQualifiedErrorId -Like 'TargetNotFound*') TargetNotFound ObjectNotFound nobody
        Assert-Error ($failed | Where-Object FullyQualifiedErrorId -Like 'InstanceNotFound*') InstanceNotFound ObjectNotFound $id
    }

    It 'asks before each change, and without an answer changes nothing' {
        $bare = New-SsmInstance $sandbox.Subnets.Isolated[0] -Name asked-too
        (Invoke-Child 'Repair-SsmRegistration asked-too').Errors | Should -Match 'NonInteractive|prompt'
        (Test-SsmRegistration $bare).Registered | Should -BeFalse
    }
}
