BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $null = New-SsmPowerSchedule office @{ Env = 'test' } -StartTime 07:00 -StopTime 19:00 -TimeZone UTC
    $null = New-SsmPowerSchedule lab-night @{ Env = 'lab' } -StopTime 22:15 -DayOfWeek Friday -TimeZone UTC -Disabled
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Get-SsmPowerSchedule' {
    It 'lists all, or those of a name' {
        (Get-SsmPowerSchedule).Name | Should -Be lab-night, office
        (Get-SsmPowerSchedule lab-*).Name | Should -Be lab-night
        ('office' | Get-SsmPowerSchedule).StopTime | Should -Be ([timespan] '19:00')
    }

    It 'says what is off, and what saves nothing that it knows of' {
        $lab = Get-SsmPowerSchedule lab-night
        $lab.Enabled | Should -BeFalse
        $lab.NextStop | Should -BeNullOrEmpty
        $lab.StartTime | Should -BeNullOrEmpty
        $lab.HoursOff | Should -BeNullOrEmpty
        $lab.Problem | Should -BeNullOrEmpty
    }

    It 'names one that is not there' {
        Assert-Error (Get-Failure { Get-SsmPowerSchedule nobody -ErrorAction Stop }) PowerScheduleNotFound ObjectNotFound nobody
        Get-SsmPowerSchedule nobody-* | Should -BeNullOrEmpty
    }

    It 'shows them in a table that fits' {
        foreach ($width in 80, 120) {
            $table = Get-SsmPowerSchedule | Out-String -Width $width
            $table | Should -Match 'office\s+Env=test\s+07:00\s+19:00\s+\w{3} 0'
            $table -split "`n" | ForEach-Object { $_.TrimEnd().Length | Should -BeLessOrEqual $width }
        }
    }

    It 'completes names' {
        (Complete 'Get-SsmPowerSchedule ').CompletionText | Should -Be lab-night, office
    }
}
