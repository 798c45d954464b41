BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $subnet = $sandbox.Subnets.Isolated[0]
    $role = New-SsmInstanceRole web
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Remove-SsmInstance' {
    It 'terminates by id, and says nothing' {
        $instance = $role | New-SsmInstance $subnet
        Remove-SsmInstance $instance.InstanceId -Confirm:$false | Should -BeNullOrEmpty
        (Test-SsmRegistration $instance).Registered | Should -BeFalse
    }

    It 'terminates by name, and what comes down the pipeline' {
        $null = $role | New-SsmInstance $subnet -Name by-name
        $named = Remove-SsmInstance by-name -Confirm:$false -PassThru
        $named.Name | Should -Be 'by-name'
        $named.State | Should -BeIn 'shutting-down', 'terminated'
        $two = $role | New-SsmInstance $subnet -Count 2
        ($two | Remove-SsmInstance -Confirm:$false -PassThru).InstanceId | Should -Be $two.InstanceId
    }

    It 'takes a reservation as Get-EC2Instance returns it' {
        $two = $role | New-SsmInstance $subnet -Count 2
        $reservation = [pscustomobject]@{ ReservationId = 'r-1'; Instances = @($two) }
        ($reservation | Remove-SsmInstance -Confirm:$false -PassThru).InstanceId | Sort-Object |
            Should -Be ($two.InstanceId | Sort-Object)
    }

    It 'says what it would terminate with -WhatIf and terminates nothing' {
        $instance = $role | New-SsmInstance $subnet -Name spared
        (Invoke-Child 'Remove-SsmInstance spared -WhatIf').Output | Should -Match "What if: .*$($instance.InstanceId)"
        (Test-SsmRegistration spared -Wait -Timeout 20).Registered | Should -BeTrue
    }

    It 'asks before it terminates, and without an answer does nothing' {
        $null = $role | New-SsmInstance $subnet -Name asked
        $asked = Invoke-Child 'Remove-SsmInstance asked'
        $asked.Errors | Should -Match 'NonInteractive|prompt'
        (Test-SsmRegistration asked -Wait -Timeout 20).Registered | Should -BeTrue
    }

    It 'names an instance that is not there' {
        $failed = Get-Failure { Remove-SsmInstance nobody -Confirm:$false -ErrorAction Stop }
        Assert-Error $failed TargetNotFound ObjectNotFound nobody
    }
}
