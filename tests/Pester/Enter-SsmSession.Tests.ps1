BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $role = New-SsmInstanceRole web
    $instance = $role | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name good
    $dead = $role | New-SsmInstance $sandbox.Subnets.Dead[0] -Name dead
    $null = $instance | Test-SsmRegistration -Wait
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Enter-SsmSession' {
    It 'types redirected input and ends with the shell' {
        $session = Invoke-Child 'Enter-SsmSession good' "echo `$((6 * 7))`nexit`n"
        $session.Errors | Should -BeNullOrEmpty
        $session.Output | Should -Match '(?m)^42\r?$'
        $session.ExitCode | Should -Be 0
    }

    It 'ends when the input does' {
        $session = Invoke-Child 'Enter-SsmSession good' "echo `$((6 * 7))`n"
        $session.Output | Should -Match '(?m)^42\r?$'
        $session.ExitCode | Should -Be 0
    }

    It 'loses nothing of long input and long output' {
        $lines = 1..500 | ForEach-Object { ": $('x' * 60) $_" }
        $session = Invoke-Child 'Enter-SsmSession good' (($lines -join "`n") + "`nseq 1 20000 | tail -n 3`nexit`n")
        $session.Output | Should -Match '(?m)^19998\r?\n19999\r?\n20000\r?$'
    }

    It 'writes the record of the session with -PassThru' {
        $session = Invoke-Child 'Enter-SsmSession good -Reason test -PassThru | ConvertTo-Json' "exit`n"
        $json = [regex]::Match($session.Output, '(?s)\{.*\}').Value | ConvertFrom-Json
        $json.InstanceId | Should -Be $instance.InstanceId
        $json.SessionId | Should -Not -BeNullOrEmpty
    }

    It 'refuses two targets before it opens a session' {
        foreach ($two in { Enter-SsmSession good, dead }, { 'good', 'dead' | Enter-SsmSession }) {
            $failed = Get-Failure $two
            $failed.FullyQualifiedErrorId | Should -Be 'SeveralTargets,SsmTools.Commands.EnterSsmSessionCommand'
            $failed.CategoryInfo.Category | Should -Be InvalidArgument
            $failed.TargetObject | Should -Be 'good', 'dead'
        }
    }

    It 'refuses a host without a console' {
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$Manifest'; Enter-SsmSession good").Invoke()
        $failed = $shell.Streams.Error[0]
        Assert-Error $failed NoTerminal DeviceError good
        $shell.Dispose()
    }

    It 'refuses an instance that is known not to be registered' {
        $session = Invoke-Child 'Test-SsmRegistration dead | Enter-SsmSession; $Error[0].FullyQualifiedErrorId'
        $session.Output | Should -Match 'NotRegistered,SsmTools.Commands.EnterSsmSessionCommand'
    }

    It 'says what to do where the agent is not connected' {
        $session = Invoke-Child 'Enter-SsmSession dead; $Error[0].FullyQualifiedErrorId; $Error[0].TargetObject'
        $session.Output | Should -Match 'TargetNotConnected,SsmTools.Commands.EnterSsmSessionCommand'
        $session.Errors | Should -Match 'Recommendation: '
    }

    It 'names an instance that is not there' {
        $session = Invoke-Child 'Enter-SsmSession nobody; $Error[0].FullyQualifiedErrorId'
        $session.Output | Should -Match 'TargetNotFound,SsmTools.Commands.EnterSsmSessionCommand'
    }
}
