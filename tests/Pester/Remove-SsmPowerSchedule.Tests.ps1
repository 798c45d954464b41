BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $null = New-SsmPowerSchedule office @{ Env = 'test' } -StartTime 07:00 -StopTime 19:00 -TimeZone UTC
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Remove-SsmPowerSchedule' {
    It 'says what it would delete with -WhatIf, and deletes nothing' {
        $shown = (Invoke-Child 'Get-SsmPowerSchedule | Remove-SsmPowerSchedule -WhatIf').Output
        foreach ($what in 'ssmtools-office-start', 'ssmtools-office-stop', 'schedule group SsmTools-office', 'power-automation', 'power-scheduler') {
            $shown | Should -Match $what
        }
        (Get-SsmPowerSchedule).Name | Should -Be office
    }

    It 'asks before it deletes' {
        (Invoke-Child 'Remove-SsmPowerSchedule office').Errors | Should -Match 'NonInteractive|prompt'
        (Get-SsmPowerSchedule).Name | Should -Be office
    }

    It 'leaves nothing, so that all can be made again' {
        (Remove-SsmPowerSchedule office -Confirm:$false -PassThru).Name | Should -Be office
        Get-SsmPowerSchedule | Should -BeNullOrEmpty
        (New-SsmPowerSchedule office @{ Env = 'lab' } -StopTime 19:00).Tag | Should -Be 'Env=lab'
        Remove-SsmPowerSchedule office -Confirm:$false | Should -BeNullOrEmpty
    }

    It 'names one that is not there' {
        Assert-Error (Get-Failure { Remove-SsmPowerSchedule office -Confirm:$false -ErrorAction Stop }) PowerScheduleNotFound ObjectNotFound office
    }
}
