BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $subnet = $sandbox.Subnets.Isolated[0]
    $null = New-SsmInstanceRole web | New-SsmInstance $subnet -Name web -Count 2 -Tag @{ Env = 'test' }
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'New-SsmPowerSchedule' {
    It 'says what it would make with -WhatIf, and makes nothing' {
        $shown = (Invoke-Child "New-SsmPowerSchedule office @{ Env = 'test' } -StartTime 07:00 -StopTime 19:00 -TimeZone UTC -WhatIf").Output
        foreach ($what in 'Make the role, trusted by ssm', 'Make the role, trusted by scheduler', 'hand them that role',
            'schedule group SsmTools-office', 'at 07:00 UTC, Monday, Tuesday', 'at 19:00 UTC') {
            $shown | Should -Match $what
        }
        Get-SsmPowerSchedule | Should -BeNullOrEmpty
    }

    It 'makes it, and shows the next runs and the hours saved a week' {
        $made = New-SsmPowerSchedule office @{ Env = 'test' } -StartTime 07:00 -StopTime 19:00 -TimeZone Europe/Berlin -FlexibleWindow 5
        $made.Tag | Should -Be 'Env=test'
        $made.DayOfWeek | Should -Be Monday, Tuesday, Wednesday, Thursday, Friday
        $made.FlexibleWindow | Should -Be 5
        $made.NextStart | Should -BeGreaterThan (Get-Date)
        $made.NextStop | Should -BeGreaterThan (Get-Date)
        $made.HoursOff | Should -Be 108
        $made.InstanceCount | Should -Be 2
        $made.HoursSaved | Should -Be 216
        $made.AutomationRoleArn | Should -Match ':role/office-'
    }

    It 'is content with what is there, and names what is in its way' {
        (New-SsmPowerSchedule office @{ Env = 'test' } -StartTime 07:00 -StopTime 19:00 -TimeZone Europe/Berlin).Name | Should -Be office
        $failed = Get-Failure { New-SsmPowerSchedule office @{ Env = 'test' } -StartTime 08:00 -StopTime 19:00 -ErrorAction Stop }
        Assert-Error $failed PowerScheduleExists ResourceExists office
        $failed = Get-Failure { New-SsmPowerSchedule late @{ Env = 'test' } -StopTime 22:00 -ErrorAction Stop }
        Assert-Error $failed PowerScheduleOverlap ResourceExists late
        New-SsmPowerSchedule late @{ Env = 'test' } -StopTime 22:00 -Force -WarningVariable warned -WarningAction SilentlyContinue | Should -Not -BeNullOrEmpty
        $warned | Should -Match 'Whichever comes last'
    }

    It 'tells of times that a clock change skips' {
        $null = New-SsmPowerSchedule early @{ Env = 'lab' } -StopTime 02:30 -DayOfWeek Sunday -TimeZone Europe/Berlin -WhatIf -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -Match 'jump over 02:30'
    }

    It 'refuses what is no schedule' {
        $category = 'InvalidArgument'
        Assert-Error (Get-Failure { New-SsmPowerSchedule 'no blanks' @{ a = 'b' } -StopTime 19:00 -ErrorAction Stop }) PowerScheduleNameInvalid $category 'no blanks'
        Assert-Error (Get-Failure { New-SsmPowerSchedule a @{ a = 'b'; c = 'd' } -StopTime 19:00 -ErrorAction Stop }) PowerScheduleTagInvalid $category a
        Assert-Error (Get-Failure { New-SsmPowerSchedule a @{ a = 'b' } -ErrorAction Stop }) PowerScheduleTimeMissing $category a
        Assert-Error (Get-Failure { New-SsmPowerSchedule a @{ a = 'b' } -StopTime 19 -ErrorAction Stop }) PowerScheduleTimeInvalid $category a
        Assert-Error (Get-Failure { New-SsmPowerSchedule a @{ a = 'b' } -StopTime 19:00 -TimeZone Mars/Base -ErrorAction Stop }) TimeZoneUnknown $category a
    }

    It 'returns a template that has the same parts, without asking AWS' {
        $shown = Invoke-Child "New-SsmPowerSchedule a @{ Env = 'test' } -StartTime 07:00 -StopTime 19:00 -AsTemplate"
        $shown.Errors | Should -BeNullOrEmpty
        $template = $shown.Output | ConvertFrom-Json
        $template.Resources.PSObject.Properties.Name | Should -Be AutomationRole, SchedulerRole, ScheduleGroup, StartSchedule, StopSchedule
        $template.Resources.StopSchedule.Properties.ScheduleExpression | Should -Be 'cron(0 19 ? * MON,TUE,WED,THU,FRI *)'
    }

    It 'completes time zones' {
        (Complete 'New-SsmPowerSchedule a @{ a = 1 } -TimeZone Europe/Ber').CompletionText | Should -Contain 'Europe/Berlin'
    }
}
