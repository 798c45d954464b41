BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "ssmtools-day-$(New-Guid)")).FullName

    # The page as it stands in README, with the sandbox's log group, and run where files can be left.
    $readme = Get-Content -Raw (Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'README.md')
    $page = [regex]::Match($readme, '(?ms)^## A first day$(.*?)^## ').Groups[1].Value
    $blocks = [regex]::Matches($page, '(?m)(?:^    .*\n)+') | ForEach-Object Value
    $day = (-join $blocks) -replace '/ssm/sessions', '/sandbox/sessions'
}

AfterAll {
    Stop-SsmSandbox
    Remove-Item -Recurse $folder
}

Describe 'The first day of an operator' {
    It 'goes as README says, line for line, and back to where it began' {
        $null = New-SsmInstanceRole operators
        $null = New-SsmInstanceRole web | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name web-1 -Tag @{ Team = 'web'; Env = 'test' } |
            Test-SsmRegistration -Wait
        $null = New-SsmInstance $sandbox.Subnets.Isolated[0] -Name db-1
        $blocks | Should -HaveCount 8

        Push-Location $folder
        try {
            $shown = & ([scriptblock]::Create("`$ErrorActionPreference = 'Stop'; `$ConfirmPreference = 'None'; $day")) 3>$null
        }
        finally {
            Pop-Location
        }

        # Each line did what the page says of it.
        $shown | Where-Object { $_ -is [SsmTools.Output.SsmRegistration] } | ForEach-Object Name | Should -Be 'db-1'
        ($shown | Where-Object { $_ -is [SsmTools.Output.SsmAccessPolicy] }).Verified | Should -BeTrue
        ($shown | Where-Object { $_ -is [SsmTools.Output.SsmPowerSchedule] }).Name | Should -Be 'office'
        Join-Path $folder 'join-desk.sh' | Should -Exist

        # And nothing of it is left.
        Get-SsmPowerSchedule | Should -BeNullOrEmpty
        Get-SsmSessionAlert | Should -BeNullOrEmpty
        Get-SsmHostManagement | Where-Object Status -NE 'Off' | Should -BeNullOrEmpty
        (Get-SsmSessionPreference).LogGroup | Should -BeNullOrEmpty
        (Get-SsmInstance | Measure-Object).Count | Should -Be 2
    }
}
