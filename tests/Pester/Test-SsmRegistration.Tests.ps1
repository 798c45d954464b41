BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $role = New-SsmInstanceRole web
    $good = $role | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name good
    $dead = $role | New-SsmInstance $sandbox.Subnets.Dead[0] -Name dead
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Test-SsmRegistration' {
    It 'waits until an instance is registered' {
        $node = $good | Test-SsmRegistration -Wait
        $node | Should -BeOfType SsmTools.Output.SsmRegistration
        $node.InstanceId | Should -Be $good.InstanceId
        $node.Registered | Should -BeTrue
        $node.PingStatus | Should -Be 'Online'
        $node.AgentVersion | Should -Not -BeNullOrEmpty
        $node.PlatformType | Should -Be 'Linux'
        $node.Reason | Should -BeNullOrEmpty
    }

    It 'says at once how things are without -Wait' {
        $node = Test-SsmRegistration dead
        $node.Registered | Should -BeFalse
        $node.Reason | Should -Not -BeNullOrEmpty
    }

    It 'reports and returns what is not there when the time is over' {
        $nodes = Test-SsmRegistration good, dead -Wait -Timeout 1 -ErrorVariable failed -ErrorAction SilentlyContinue
        $nodes | Where-Object Registered | ForEach-Object InstanceId | Should -Be $good.InstanceId
        $nodes | Where-Object -Not Registered | ForEach-Object InstanceId | Should -Be $dead.InstanceId
        Assert-Error $failed[0] RegistrationTimeout OperationTimeout $dead.InstanceId
    }

    It 'does not wait for what cannot come any more' {
        $id = 'i-0123456789abcdef0'
        # The id tells that it was not the time that ended it, which is longer than the file may take.
        $node = Test-SsmRegistration $id -Wait -Timeout 3600 -ErrorVariable failed -ErrorAction SilentlyContinue
        $node.Registered | Should -BeFalse
        Assert-Error $failed[0] RegistrationImpossible ResourceUnavailable $id
    }

    It 'answers -Quiet with one Boolean for all' {
        Test-SsmRegistration good -Quiet | Should -BeTrue
        $answer = @('good', 'dead' | Test-SsmRegistration -Quiet)
        $answer | Should -HaveCount 1
        $answer[0] | Should -BeFalse
        Test-SsmRegistration dead -Wait -Timeout 1 -Quiet | Should -BeFalse
    }

    It 'takes names, ids, our objects and those of AWS Tools' {
        $one = [pscustomobject]@{ InstanceId = $good.InstanceId }
        $reservation = [pscustomobject]@{ Instances = @($one) }
        $session = [pscustomobject]@{ SessionId = 's-1'; Target = $good.InstanceId }
        $node = [pscustomobject]@{ Id = $good.InstanceId }
        foreach ($target in 'good', 'goo?', $good.InstanceId, $good, $one, $reservation, $session, $node) {
            ($target | Test-SsmRegistration).InstanceId | Should -Be $good.InstanceId
            (Test-SsmRegistration $target).InstanceId | Should -Be $good.InstanceId
        }
    }

    It 'refuses what names no instance' {
        "$(Get-Failure { 5 | Test-SsmRegistration -ErrorAction Stop })" | Should -Match 'names no instance'
        "$(Get-Failure { Test-SsmRegistration '' })" | Should -Match 'names no instance'
        "$(Get-Failure { Get-Process -Id $PID | Test-SsmRegistration -ErrorAction Stop })" | Should -Match 'names no instance'
    }

    It 'goes on after a name that nothing has' {
        $nodes = 'good', 'nobody' | Test-SsmRegistration -ErrorVariable failed -ErrorAction SilentlyContinue
        $nodes.InstanceId | Should -Be $good.InstanceId
        Assert-Error $failed[0] TargetNotFound ObjectNotFound nobody
    }

    It 'reads a number as seconds and a TimeSpan as itself' {
        $reads = (Get-Command Test-SsmRegistration).Parameters.Timeout.Attributes |
            Where-Object { $_ -is [System.Management.Automation.ArgumentTransformationAttribute] }
        foreach ($timeout in 90, '90', '00:01:30', [timespan]::FromSeconds(90)) {
            [timespan] $reads.Transform($ExecutionContext, $timeout) | Should -Be ([timespan]::FromSeconds(90))
        }
        Test-SsmRegistration dead -Wait -Timeout 0.1 -Quiet | Should -BeFalse
        "$(Get-Failure { Test-SsmRegistration dead -Wait -Timeout -1 })" | Should -Match 'no span of time'
    }

    It 'stops when it is told to' {
        # How fast, is for the benchmark named stop. Here: long before the wait itself would end.
        $stopped = Stop-Midway 'Test-SsmRegistration dead -Wait -Timeout 3600'
        $stopped.EndedByItself | Should -BeFalse
        $stopped.State | Should -Be Stopped
        $stopped.Errors | Should -BeNullOrEmpty
    }

    It 'lets go of what it waits for when nobody wants more' {
        $first = 'good', 'dead' | Test-SsmRegistration -Wait -Timeout 3600 | Select-Object -First 1
        $first.InstanceId | Should -Be $good.InstanceId
    }

    It 'shows the platform, or the reason' {
        $lines = Test-SsmRegistration good, dead | Format-Table | Out-String -Width 120 -Stream
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 120
        $lines -join "`n" | Should -Match 'InstanceId +Name +Registered +Agent +Detail'
    }
}
