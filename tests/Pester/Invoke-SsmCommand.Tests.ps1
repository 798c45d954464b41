BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $role = New-SsmInstanceRole web
    $instance = $role | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name web-1
    $other = $role | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name web-2
    $null = $instance, $other | Test-SsmRegistration -Wait
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Invoke-SsmCommand' {
    It 'runs a command on many, one object each' {
        $results = Invoke-SsmCommand web-* "echo out; echo err >&2; exit 3"
        $results.InstanceId | Sort-Object | Should -Be ($instance.InstanceId, $other.InstanceId | Sort-Object)
        $results.Name | Sort-Object | Should -Be 'web-1', 'web-2'
        $results[0].Status | Should -Be 'Failed'
        $results[0].ExitCode | Should -Be 3
        $results[0].Output | Should -Be "out`n"
        $results[0].Error | Should -Match '^err'
        $results[0].Truncated | Should -BeFalse
        $results[0].CommandId | Should -Be $results[1].CommandId
        $results[0].Duration | Should -BeGreaterOrEqual ([timespan]::Zero)
    }

    It 'tells of nodes that cannot have it, and runs on the others' {
        $results = 'i-0123456789abcdef0', 'nobody', $instance |
            Invoke-SsmCommand -Command hostname -ErrorAction SilentlyContinue -ErrorVariable failures
        $results.InstanceId | Should -Be $instance.InstanceId
        @($failures).FullyQualifiedErrorId | Sort-Object | Should -Be @(
            'CommandNotSent,SsmTools.Commands.InvokeSsmCommandCommand'
            'TargetNotFound,SsmTools.Commands.InvokeSsmCommandCommand')
    }

    It 'runs a block of PowerShell' {
        (Invoke-SsmCommand web-1 -ScriptBlock { "sum $(40 + 2)" }).Output.Trim() | Should -Be 'sum 42'
    }

    It 'runs a script of this computer by its kind' {
        Set-Content TestDrive:/a.sh "echo shell`necho `$0" -NoNewline
        Set-Content TestDrive:/b.ps1 '[Environment]::Version.Major -gt 4'
        (Invoke-SsmCommand web-1 -FilePath TestDrive:/a.sh).Output | Should -Match '^shell'
        (Invoke-SsmCommand web-1 -FilePath TestDrive:/b.ps1).Output.Trim() | Should -Be 'True'
        { Invoke-SsmCommand web-1 -FilePath TestDrive:/none.sh } |
            Should -Throw -ErrorId 'ScriptNotReadable,SsmTools.Commands.InvokeSsmCommandCommand'
    }

    It 'runs a document with parameters' {
        $result = Invoke-SsmCommand web-1 -DocumentName AWS-RunShellScript -Parameter @{ commands = 'pwd', 'echo 2'; workingDirectory = '/' }
        $result.Output | Should -Be "/`n2`n"
        { Invoke-SsmCommand web-1 -DocumentName AWS-Nothing -ErrorAction Stop } |
            Should -Throw -ErrorId '*,SsmTools.Commands.InvokeSsmCommandCommand'
    }

    It 'finds nodes by tag, or takes all' {
        (Invoke-SsmCommand -All -Command true).Count | Should -Be 2
        (Invoke-SsmCommand -Tag @{ Name = 'web-2' } -Command true).InstanceId | Should -Be $other.InstanceId
        (Invoke-SsmCommand web-* -Tag @{ Name = '*-1' } -Command true).InstanceId | Should -Be $instance.InstanceId
    }

    It 'does not take a table without tags for all nodes' {
        { Invoke-SsmCommand -Tag @{} -Command true } | Should -Throw '*Tag*' -ErrorId 'ParameterArgumentValidationError*'
    }

    It 'does not take nodes that are all unregistered for all nodes' {
        $bare = New-SsmInstance $sandbox.Subnets.Isolated[0] -Name bare
        $lost = Test-SsmRegistration $bare.InstanceId
        $lost.Registered | Should -BeFalse
        $results = $lost | Invoke-SsmCommand -All -Command 'true' -ErrorAction SilentlyContinue -ErrorVariable failures
        $results | Should -BeNullOrEmpty
        $lost | Invoke-SsmCommand -Tag @{ Name = '*' } -Command 'true' -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -Be 'NotRegistered,SsmTools.Commands.InvokeSsmCommandCommand'
    }

    It 'asks for a node' {
        { Invoke-SsmCommand -Command true } | Should -Throw -ErrorId 'NoNodeNamed,SsmTools.Commands.InvokeSsmCommandCommand'
        @() | Invoke-SsmCommand -Command true | Should -BeNullOrEmpty
    }

    It 'refuses limits that are none' {
        { Invoke-SsmCommand web-1 true -MaxConcurrency many } | Should -Throw '*neither a number*'
        { Invoke-SsmCommand web-1 true -MaxErrors '101%' } | Should -Throw '*neither a number*'
    }

    It 'tells of a script that took too long' {
        $result = Invoke-SsmCommand web-1 'cat /dev/zero >/dev/null' -ExecutionTimeout 1 -ErrorAction SilentlyContinue -ErrorVariable failures
        $result.Status | Should -Be 'ExecutionTimedOut'
        $result.ExitCode | Should -BeNullOrEmpty
        @($failures).FullyQualifiedErrorId | Should -Be 'CommandNotRun,SsmTools.Commands.InvokeSsmCommandCommand'
    }

    It 'returns what was sent, too' {
        $sent, $result = Invoke-SsmCommand web-1 true -PassThru
        $sent | Should -BeOfType SsmTools.Output.SsmCommand
        $sent.CommandId | Should -Be $result.CommandId
        $sent.InstanceId | Should -Be $instance.InstanceId
    }

    It 'runs as a job' {
        $job = Invoke-SsmCommand web-* 'echo done' -AsJob
        $results = $job | Receive-Job -Wait -AutoRemoveJob
        $results.Output | Should -Be "done`n", "done`n"
    }

    It 'calls the command off when the job is stopped' {
        $job = Invoke-SsmCommand web-1 'cat /dev/zero >/dev/null' -AsJob -PassThru
        while (-not $job.Output.Count) { $null = $job.State }
        $job | Stop-Job
        $job.State | Should -Be 'Stopped'
        $job | Remove-Job
    }

    It 'ends as failed, and not never, where something unforeseen happens in the job' {
        $good = Invoke-SsmCommand web-1 true -AsJob
        $null = $good | Wait-Job
        $flags = [Reflection.BindingFlags]'Instance, NonPublic'
        $type = $good.GetType()
        $targets = $type.GetField('_targets', $flags).GetValue($good)
        $options = $type.GetField('_options', $flags).GetValue($good)
        $broken = [Array]::CreateInstance($targets[0].GetType(), 1)
        $broken[0] = [Activator]::CreateInstance($targets[0].GetType(), @($targets[0].Item1, $null))
        $job = $type.GetConstructors($flags)[0].Invoke(@('true', $broken, $options, $false))
        $type.GetMethod('Start', $flags).Invoke($job, @())

        $job.Finished.WaitOne(20000) | Should -BeTrue
        $job.State | Should -Be Failed
        $job.Error[0].FullyQualifiedErrorId | Should -Be UnexpectedError
        $good | Remove-Job
        $job.Dispose()
    }

    It 'ends with Ctrl-C' {
        $ended = Stop-Midway "Invoke-SsmCommand $($instance.InstanceId) 'cat /dev/zero >/dev/null'"
        $ended.EndedByItself | Should -BeFalse
        $ended.State | Should -Be 'Stopped'
    }
}

Describe 'Invoke-SsmCommand -Session' {
    It 'returns output, errors and exit code apart' {
        $result = Invoke-SsmCommand web-1 'echo out; echo err >&2; exit 3' -Session 6>$null
        $result.InstanceId | Should -Be $instance.InstanceId
        $result.Name | Should -Be 'web-1'
        $result.Output | Should -Be "out`n"
        $result.Error | Should -Be "err`n"
        $result.ExitCode | Should -Be 3
        $result.Status | Should -Be 'Failed'
        $result.Duration | Should -BeGreaterThan ([timespan]::Zero)
        $result.SessionId | Should -Not -BeNullOrEmpty
    }

    It 'runs on many, one object each, and one that cannot be reached stops no other' {
        $results = $instance.InstanceId, 'i-0123456789abcdef0', 'nobody', $other |
            Invoke-SsmCommand -Command 'echo "it''s $((6 * 7))"' -Session -ErrorAction SilentlyContinue -ErrorVariable failures 6>$null
        $results.InstanceId | Sort-Object | Should -Be ($instance.InstanceId, $other.InstanceId | Sort-Object)
        $results.Status | Should -Be 'Success', 'Success'
        @($failures).FullyQualifiedErrorId | Sort-Object | Should -Be @(
            'TargetNotFound,SsmTools.Commands.InvokeSsmCommandCommand'
            'TargetNotFound,SsmTools.Commands.InvokeSsmCommandCommand')
    }

    It 'shows what is written through the information stream, by instance' {
        $results = Invoke-SsmCommand web-* 'printf "one\ntwo"; echo err >&2' -Session -InformationVariable text 6>$null
        $results.Count | Should -Be 2
        $text.MessageData.Message | Should -Contain '[web-1] one'
        $text.MessageData.Message | Should -Contain '[web-2] two'
        @($text | Where-Object { $_.Tags -contains 'Error' -and $_.Tags -contains $other.InstanceId }).MessageData.Message |
            Should -Be '[web-2] err'
    }

    It 'shows one instance as it writes, without names' {
        $child = Invoke-Child 'Invoke-SsmCommand web-1 "echo seen; exit 4" -Session | Out-Null'
        $child.Output | Should -Match '(?m)^seen$'
        $child.Errors | Should -BeNullOrEmpty
    }

    It 'has a table of its own that does not repeat what was shown' {
        $table = Invoke-SsmCommand web-1 'echo hidden' -Session 6>$null | Out-String
        $table | Should -Match 'InstanceId\s+Name\s+Status\s+ExitCode\s+Duration'
        $table | Should -Not -Match 'hidden'
    }

    It 'names a document that is not there, and those that are' {
        { Invoke-SsmCommand web-1 id -Session -DocumentName Nonsense -ErrorAction Stop 6>$null } |
            Should -Throw -ErrorId 'DocumentNotFound,SsmTools.Commands.InvokeSsmCommandCommand'
    }

    It 'refuses a document of another kind' {
        { Invoke-SsmCommand web-1 id -Session -DocumentName AWS-StartInteractiveCommand -ErrorAction Stop 6>$null } |
            Should -Throw -ErrorId 'NotACommandSession,SsmTools.Commands.InvokeSsmCommandCommand'
    }

    It 'ends with Ctrl-C, and ends the command' {
        $ended = Stop-Midway "Invoke-SsmCommand $($instance.InstanceId) 'exec sleep 1000' -Session"
        $ended.EndedByItself | Should -BeFalse
        $ended.State | Should -Be 'Stopped'
    }
}

Describe 'Completion' {
    It 'offers the session documents' {
        (Complete 'Invoke-SsmCommand web-1 id -Session -DocumentName AWS-StartNon').CompletionText |
            Should -Be 'AWS-StartNonInteractiveCommand'
    }

    It 'offers the documents of Run Command' {
        (Complete 'Invoke-SsmCommand web-1 -DocumentName AWS-RunSh').CompletionText | Should -Be 'AWS-RunShellScript'
    }
}

Describe 'Invoke-SsmCommand with much output' {
    BeforeAll {
        $writer = New-SsmInstanceRole writer -LogBucket sandbox-logs -LogGroup /sandbox/sessions |
            New-SsmInstance $sandbox.Subnets.Private[0] -Name writer-1
        $null = $writer | Test-SsmRegistration -Wait
        $much = 'yes 012345678 | head -n 10000'
        $text = "012345678`n" * 10000
    }

    It 'marks what the service cut' {
        $result = Invoke-SsmCommand writer-1 $much
        $result.Truncated | Should -BeTrue
        $result.Output.Length | Should -Be 24000
    }

    It 'reads it whole from a bucket' {
        $result = Invoke-SsmCommand writer-1 $much -OutputS3BucketName sandbox-logs -OutputS3KeyPrefix of/mine
        $result.Truncated | Should -BeFalse
        $result.Output | Should -BeExactly $text
    }

    It 'reads it whole from a log group' {
        $result = Invoke-SsmCommand writer-1 $much -CloudWatchLogGroupName /sandbox/sessions
        $result.Truncated | Should -BeFalse
        $result.Output | Should -BeExactly $text.TrimEnd()
    }

    It 'returns what there is and says why where the node may not write' {
        $result = Invoke-SsmCommand web-1 $much -OutputS3BucketName sandbox-logs -ErrorAction SilentlyContinue -ErrorVariable failures
        $result.Status | Should -Be 'Success'
        $result.Truncated | Should -BeTrue
        $failures[0].FullyQualifiedErrorId | Should -Be 'OutputNotRead,SsmTools.Commands.InvokeSsmCommandCommand'
        $failures[0].TargetObject | Should -Be $instance.InstanceId
        "$($failures[0])" | Should -Match 'sandbox-logs'
    }

    It 'offers buckets and groups' {
        (Complete 'Invoke-SsmCommand writer-1 id -OutputS3BucketName sand').CompletionText | Should -Be 'sandbox-logs'
        (Complete 'Invoke-SsmCommand writer-1 id -CloudWatchLogGroupName /sand').CompletionText | Should -Be '/sandbox/sessions'
    }
}
