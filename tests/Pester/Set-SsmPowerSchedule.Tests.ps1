BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $null = New-SsmPowerSchedule office @{ Env = 'test' } -StartTime 07:00 -StopTime 19:00 -TimeZone UTC
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Set-SsmPowerSchedule' {
    It 'says what it would change with -WhatIf, and changes nothing' {
        $shown = (Invoke-Child 'Set-SsmPowerSchedule office -StopTime 20:00 -WhatIf').Output
        $shown | Should -Match 'ssmtools-office-stop'
        $shown | Should -Match 'at 20:00 UTC'
        $shown | Should -Not -Match 'ssmtools-office-start'
        (Get-SsmPowerSchedule office).StopTime | Should -Be ([timespan] '19:00')
    }

    It 'changes what is named and leaves the rest' {
        Set-SsmPowerSchedule office -StopTime 20:00 | Should -BeNullOrEmpty
        $changed = Set-SsmPowerSchedule office -DayOfWeek Saturday, Sunday -FlexibleWindow 10 -PassThru
        $changed.StartTime | Should -Be ([timespan] '07:00')
        $changed.StopTime | Should -Be ([timespan] '20:00')
        $changed.DayOfWeek | Should -Be Saturday, Sunday
        $changed.FlexibleWindow | Should -Be 10
    }

    It 'switches off and on what is piped' {
        (Get-SsmPowerSchedule | Set-SsmPowerSchedule -Enabled $false -PassThru).Enabled | Should -BeFalse
        (Set-SsmPowerSchedule office -Enabled $true -PassThru).NextStop | Should -BeGreaterThan (Get-Date)
    }

    It 'names one that is not there' {
        Assert-Error (Get-Failure { Set-SsmPowerSchedule nobody -StopTime 20:00 -ErrorAction Stop }) PowerScheduleNotFound ObjectNotFound nobody
    }
}
