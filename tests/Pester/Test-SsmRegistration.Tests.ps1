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

    It 'takes objects of the types that AWS Tools has' {
        # Of the same shape and names, and of another assembly: only properties can tell.
        Add-Type @"
            namespace Amazon.Runtime {
                public class ConstantClass { public string Value { get; set; } public override string ToString() { return Value; } }
            }
            namespace Amazon.EC2.Model {
                public class InstanceState { public int Code { get; set; } public Amazon.Runtime.ConstantClass Name { get; set; } }
                public class Tag { public string Key { get; set; } public string Value { get; set; } }
                public class Instance {
                    public string InstanceId { get; set; }
                    public string ImageId { get; set; }
                    public InstanceState State { get; set; } = new InstanceState();
                    public System.Collections.Generic.List<Tag> Tags { get; set; } = new System.Collections.Generic.List<Tag>();
                    public Amazon.Runtime.ConstantClass Platform { get; set; }
                }
                public class Reservation {
                    public string ReservationId { get; set; } = "r-0123456789abcdef0";
                    public System.Collections.Generic.List<Instance> Instances { get; set; } = new System.Collections.Generic.List<Instance>();
                }
            }
            namespace Amazon.SimpleSystemsManagement.Model {
                public class InstanceInformation {
                    public string InstanceId { get; set; }
                    public string Name { get; set; } = "another name";
                    public string SourceId { get; set; }
                    public Amazon.Runtime.ConstantClass PingStatus { get; set; } = new Amazon.Runtime.ConstantClass();
                }
                public class Session { public string SessionId { get; set; } public string Target { get; set; } public string Reason { get; set; } }
                public class Node { public string Id { get; set; } public string Region { get; set; } public object Owner { get; set; } }
            }
"@
        $instance = [Amazon.EC2.Model.Instance]@{ InstanceId = $good.InstanceId }
        $other = [Amazon.EC2.Model.Instance]@{ InstanceId = $dead.InstanceId }
        $reservation = [Amazon.EC2.Model.Reservation]::new()
        $reservation.Instances.Add($instance)
        $information = [Amazon.SimpleSystemsManagement.Model.InstanceInformation]@{ InstanceId = $good.InstanceId }
        $session = [Amazon.SimpleSystemsManagement.Model.Session]@{ SessionId = 'a-0'; Target = $good.InstanceId; Reason = 'x' }
        $node = [Amazon.SimpleSystemsManagement.Model.Node]@{ Id = $good.InstanceId; Region = $sandbox.Region }
        foreach ($target in $instance, $reservation, $information, $session, $node) {
            ($target | Test-SsmRegistration).InstanceId | Should -Be $good.InstanceId
            (Test-SsmRegistration $target).InstanceId | Should -Be $good.InstanceId
            (Test-SsmRegistration -InstanceId $target).InstanceId | Should -Be $good.InstanceId
        }

        # What Get-EC2Instance writes is a list of reservations; what the AWS CLI does, is one object.
        $reservation.Instances.Add($other)
        $both = $good.InstanceId, $dead.InstanceId
        ($reservation, $reservation | Test-SsmRegistration).InstanceId | Should -Be $both
        $answer = [pscustomobject]@{ Reservations = @($reservation) } | ConvertTo-Json -Depth 5 | ConvertFrom-Json
        ($answer | Test-SsmRegistration).InstanceId | Should -Be $both
        ([pscustomobject]@{ InstanceInformationList = @($information) } | Test-SsmRegistration).InstanceId | Should -Be $good.InstanceId
        { $instance | Remove-SsmInstance -WhatIf } | Should -Not -Throw
    }

    It 'takes names with wildcards as PowerShell has them' {
        foreach ($name in 'good', 'GOO*', '?ood', 'g[n-p]od', '[e-g]oo[d]') {
            (Test-SsmRegistration $name).InstanceId | Should -Be $good.InstanceId
        }
        (Test-SsmRegistration 'g*', 'd*', good, $good.InstanceId).InstanceId | Should -Be $good.InstanceId, $dead.InstanceId
        'x[a-f]*', 'g[a-c]od' | Test-SsmRegistration -ErrorVariable failed -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failed.Count | Should -Be 2
        Assert-Error $failed[0] TargetNotFound ObjectNotFound 'x[a-f]*'
    }

    It 'names what may have been meant' {
        foreach ($typed in 'Good', 'god', 'goood') {
            $failed = Get-Failure { Test-SsmRegistration $typed -ErrorAction Stop }
            Assert-Error $failed TargetNotFound ObjectNotFound $typed
            $failed.ErrorDetails.RecommendedAction | Should -BeLike "Is 'good' meant? *"
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

    It 'names what it no longer waits for when it is stopped' {
        $child = Invoke-Child @'
            $runspace = [runspacefactory]::CreateRunspace($Host)
            $runspace.Open()
            $shell = [powershell]::Create()
            $shell.Runspace = $runspace
            $null = $shell.AddScript("Import-Module '$((Get-Module SsmTools).ModuleBase)/SsmTools.psd1'; Test-SsmRegistration dead -Wait")
            $running = $shell.BeginInvoke()
            while (-not $shell.Streams.Progress.Count -and -not $running.IsCompleted) { Start-Sleep -Milliseconds 50 }
            $shell.Stop()
'@
        $child.Output | Should -BeLike "*Stopped waiting for $($dead.InstanceId)*Test-SsmRegistration $($dead.InstanceId) -Wait*"
    }

    It 'says that it waits for an endpoint that does not answer' {
        $deaf = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $deaf.Start()
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$Manifest'; Test-SsmRegistration web -EndpointUrl http://$($deaf.LocalEndpoint)")
            $running = $shell.BeginInvoke()
            $said = { @($shell.Streams.Progress | Where-Object Activity -EQ Test-SsmRegistration).StatusDescription }
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            while (-not (& $said) -and -not $running.IsCompleted -and $clock.Elapsed.TotalSeconds -lt 20) {
                Start-Sleep -Milliseconds 50
            }
            @(& $said)[0] | Should -BeLike 'Waiting for AWS*'
            $shell.Stop()
        }
        finally {
            $shell.Dispose()
            $deaf.Stop()
        }
    }

    It 'lets go of what it waits for when nobody wants more' {
        $first = 'good', 'dead' | Test-SsmRegistration -Wait -Timeout 3600 | Select-Object -First 1
        $first.InstanceId | Should -Be $good.InstanceId
    }

    It 'says of one that is not there which check fails, with evidence and what to do' {
        $node = Test-SsmRegistration dead
        $node.FirstFailure | Should -Be EndpointSecurityGroup
        $node.Detail | Should -BeLike 'EndpointSecurityGroup: *'
        $node.Findings[0] | Should -BeOfType SsmTools.Output.SsmFinding
        $finding = $node.Findings | Where-Object Status -EQ Fail
        $finding.Check | Should -Be EndpointSecurityGroup
        $finding.Evidence -join ';' | Should -Match 'sg-[0-9a-f]+'
        $finding.Fix | Should -Not -BeNullOrEmpty
        $finding.Command | Should -Be "Repair-SsmRegistration $($dead.InstanceId)"
        ($node | Format-List | Out-String -Width 200) | Should -Match "run:  Repair-SsmRegistration $($dead.InstanceId)"
    }

    It 'examines registered ones only where it is asked to' {
        (Test-SsmRegistration good).Findings | Should -BeNullOrEmpty
        $node = Test-SsmRegistration good -Detailed
        $node.Findings.Count | Should -BeGreaterThan 15
        $node.Findings.Status | Sort-Object -Unique | Should -Be 'Pass'
        $node.FirstFailure | Should -BeNullOrEmpty
        $node.Detail | Should -Be $node.Platform
    }

    It 'ends a wait that is pointless, and says what to do' {
        $node = Test-SsmRegistration dead -Wait -Timeout 3600 -ErrorVariable failed -ErrorAction SilentlyContinue
        $node.FirstFailure | Should -Be EndpointSecurityGroup
        Assert-Error $failed[0] RegistrationImpossible ResourceUnavailable $dead.InstanceId
        $failed[0].ErrorDetails.RecommendedAction | Should -BeLike "*Repair-SsmRegistration $($dead.InstanceId)"
    }

    It 'fits a narrow window with the name of the check' {
        $lines = Test-SsmRegistration good, dead | Out-String -Width 80 -Stream
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        $lines -join "`n" | Should -Match 'EndpointSecurityGroup'
    }

    It 'shows the platform, or the reason' {
        $lines = Test-SsmRegistration good, dead | Format-Table | Out-String -Width 120 -Stream
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 120
        $lines -join "`n" | Should -Match 'InstanceId +Name +Registered +Agent +Detail'
    }
}
