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
}
