BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Export-SsmSshConfig' {
    It 'returns the lines, which start this module' {
        $text = Export-SsmSshConfig -UserName ec2-user
        $text | Should -BeOfType string
        $lines = $text -split '\n'
        $lines[0] | Should -Be 'Host i-* mi-*'
        $lines[1] | Should -Be '    User ec2-user'
        $lines[2] | Should -BeLike "    ProxyCommand *pwsh* -NoLogo -NoProfile -NonInteractive -Command `"Import-Module '*SsmTools*'; Connect-SsmSshProxy -InstanceId '%h' -Port %p`""
        $lines.Count | Should -Be 3
    }

    It 'needs no credentials and calls nobody' {
        $env:AWS_ACCESS_KEY_ID | Should -BeNullOrEmpty
        { Export-SsmSshConfig -ErrorAction Stop } | Should -Not -Throw
    }

    It 'tells the proxy what was said here: region, profile, endpoint' {
        $text = Export-SsmSshConfig -Region eu-west-1 -ProfileName "o'hara" -EndpointUrl http://127.0.0.1:4566
        $text | Should -Match "-Region 'eu-west-1' -ProfileName 'o''hara' -EndpointUrl 'http://127.0.0.1:4566'"
    }

    It 'tells it what Set-DefaultAWSRegion has chosen' {
        $global:StoredAWSRegion = 'eu-north-1'
        try {
            Export-SsmSshConfig | Should -Match "-Region 'eu-north-1'"
        }
        finally {
            Remove-Variable StoredAWSRegion -Scope Global
        }
    }

    It 'writes no keys' {
        $failed = Get-Failure { Export-SsmSshConfig -AccessKey AKIAEXAMPLE -SecretKey verysecret }
        Assert-Error $failed KeysNotExported InvalidArgument 'Export-SsmSshConfig'
        "$failed" | Should -Not -Match 'verysecret'
    }

    It 'is read by ssh as it was meant' -Skip:(-not (Get-Command ssh -CommandType Application -ErrorAction Ignore)) {
        $path = Join-Path $TestDrive 'a b/config'
        Export-SsmSshConfig $path -UserName ec2-user -KeyFile '/keys of mine/100%.pem'
        $read = ssh -F $path -G i-0123456789abcdef0
        $read | Should -Contain 'user ec2-user'
        $read | Should -Contain 'identityfile /keys of mine/100%%.pem'
        $read | Where-Object { $_ -like 'proxycommand *' } | Should -BeLike '*Connect-SsmSshProxy*'
        ssh -F $path -G www.example.com | Where-Object { $_ -like 'proxycommand *' } | Should -BeNullOrEmpty
    }

    It 'shows with -WhatIf what it would do, and does nothing' {
        $path = Join-Path $TestDrive 'whatif/config'
        $shown = Invoke-Child "Export-SsmSshConfig '$path' -WhatIf"
        $shown.Output | Should -Match "Write ssh's configuration of nodes"
        Test-Path (Split-Path $path) | Should -BeFalse
    }

    It 'replaces its own lines and leaves all others' {
        $path = Join-Path $TestDrive 'config'
        Set-Content $path "Host a`n    User b"
        Export-SsmSshConfig $path -UserName one
        Export-SsmSshConfig $path -UserName two
        $text = Get-Content $path -Raw
        $text | Should -BeLike "Host a`n    User b`n*"
        $text | Should -Match 'User two'
        $text | Should -Not -Match 'User one'
        @($text | Select-String 'Host i-\*' -AllMatches).Matches.Count | Should -Be 1
    }

    It 'does not touch a file whose marks are broken' {
        $path = Join-Path $TestDrive 'broken'
        Export-SsmSshConfig $path
        Set-Content $path (Get-Content $path | Select-Object -SkipLast 1)
        $before = Get-Content $path -Raw
        $failed = Get-Failure { Export-SsmSshConfig $path -UserName x -ErrorAction Stop }
        Assert-Error $failed SshConfigMarkersBroken InvalidOperation $path
        Get-Content $path -Raw | Should -Be $before
    }

    It 'says what cannot be written' {
        $failed = Get-Failure { Export-SsmSshConfig -UserName "a`nHost *" -ErrorAction Stop }
        Assert-Error $failed SshConfigValueInvalid InvalidArgument "a`nHost *"
    }

    It 'wants the public half of a key that is to be sent' {
        $key = Join-Path $TestDrive 'id'
        $failed = Get-Failure { Export-SsmSshConfig -KeyFile $key -InstanceConnect -ErrorAction Stop }
        Assert-Error $failed KeyFileNotFound ObjectNotFound "$key.pub"
        Set-Content "$key.pub" 'ssh-ed25519 AAAA'
        Export-SsmSshConfig -KeyFile $key -InstanceConnect | Should -Match "-UserName '%r' -PublicKeyFile '.*id\.pub'"
    }
}
