BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $WarningPreference = 'SilentlyContinue'
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Register-SsmNode' {
    It 'makes an activation with a script, and shows neither code nor script by itself' {
        $desk = Register-SsmNode desk -RegistrationLimit 2 -Lifetime 2.00:00:00
        $desk | Should -BeOfType SsmTools.Output.SsmNodeActivation
        $desk.ActivationId | Should -Match '^[0-9a-f-]{36}$'
        $desk.RoleName | Should -Be "SsmHybridNodes-$($sandbox.Region)"
        ($desk.ExpirationDate - (Get-Date)).TotalHours | Should -BeGreaterThan 47
        $code = $desk.ActivationCode | ConvertFrom-SecureString -AsPlainText
        $script = $desk.JoinScript | ConvertFrom-SecureString -AsPlainText
        $script | Should -Match "activation_code='$([regex]::Escape($code))'"
        foreach ($shown in ($desk | Out-String), ($desk | Format-List * | Out-String), ($desk | ConvertTo-Json -WarningAction Ignore), "$desk") {
            $shown | Should -Not -Match ([regex]::Escape($code))
        }
    }

    It 'keeps the code out of verbose output and of a transcript' {
        $path = Join-Path $TestDrive 'transcript.txt'
        $said = Invoke-Child "`$null = Start-Transcript '$path'; `$x = Register-SsmNode quiet -Verbose; `$x; `$null = Stop-Transcript; 'code ' + (`$x.ActivationCode | ConvertFrom-SecureString -AsPlainText)"
        $said.Output -match '(?m)^code (\S+)$' | Should -BeTrue
        $code = [regex]::Escape($Matches[1])
        Get-Content -Raw $path | Should -Match 'quiet'
        Get-Content -Raw $path | Should -Not -Match $code
        [regex]::Matches($said.Output, $code).Count | Should -Be 1
    }

    It 'says each change and the price with -WhatIf, and makes none' {
        $said = Invoke-Child 'Register-SsmNode never -RoleName never -Tier Advanced -WhatIf'
        $said.Output | Should -Match 'What if: .*Create the role, trusted by ssm.amazonaws.com for account \d{12}'
        $said.Output | Should -Match 'What if: .*Change the tier of all of them from standard to advanced'
        $said.Output | Should -Match 'What if: .*Create the activation for 1 machine'
        ($said.Output -replace '\s+', ' ') | Should -Match 'WARNING: .*0\.00695 USD'
        (Register-SsmNode never -RoleName never).Tier | Should -Be standard
    }

    It 'writes a script for its owner alone, and not over another' {
        $path = Join-Path $TestDrive 'join.sh'
        (Register-SsmNode filed -ScriptPath $path).ScriptPath | Should -Be $path
        if (-not $IsWindows) {
            (Get-Item $path).UnixFileMode | Should -Be 'UserWrite, UserRead'
        }
        $failed = Get-Failure { Register-SsmNode filed -ScriptPath $path -ErrorAction Stop }
        Assert-Error $failed ScriptFileExists ResourceExists filed
    }

    It 'gives a script for <_>' -ForEach 'Linux', 'Windows', 'MacOS' {
        $script = (Register-SsmNode $_ -Platform $_).JoinScript | ConvertFrom-SecureString -AsPlainText
        $script | Should -Match 'amazon-ssm-\$region\.s3\.\$region\.amazonaws\.com/latest'
        if ($_ -eq 'Windows') {
            $problems = $null
            $null = [System.Management.Automation.Language.Parser]::ParseInput($script, [ref] $null, [ref] $problems)
            $problems | Should -BeNullOrEmpty
        }
    }

    It 'refuses <Id>' -ForEach @(
        @{ Id = 'RegistrationLimitInvalid'; With = @{ RegistrationLimit = 1001 } }
        @{ Id = 'ExpiryInvalid'; With = @{ Lifetime = '31.00:00:00' } }
        @{ Id = 'RoleNameInvalid'; With = @{ RoleName = 'no good' } }
    ) {
        $failed = Get-Failure { Register-SsmNode wrong @With -ErrorAction Stop }
        Assert-Error $failed $Id InvalidArgument wrong
    }

    It 'names a role that Systems Manager may not assume' {
        $null = New-SsmInstanceRole web
        $failed = Get-Failure { Register-SsmNode desk -RoleName web -ErrorAction Stop }
        Assert-Error $failed NodeRoleTrustMismatch ResourceExists desk
        "$failed" | Should -Match 'ec2\.amazonaws\.com'
    }

    It 'completes platforms and tiers, and fits <_> columns' -ForEach 80, 120 {
        (Complete 'Register-SsmNode desk -Platform W').CompletionText | Should -Be Windows
        (Complete 'Register-SsmNode desk -Tier A').CompletionText | Should -Be Advanced
        $lines = Register-SsmNode desk | Out-String -Width $_ -Stream
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $_
    }
}
