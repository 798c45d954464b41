BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Start-SsmSandbox' {
    AfterEach {
        Stop-SsmSandbox
    }

    It 'returns all that a client needs' {
        $sandbox = Start-SsmSandbox
        $sandbox | Should -BeOfType SsmTools.Output.SsmSandbox
        $sandbox.Endpoint | Should -Match '^http://127\.0\.0\.1:\d+/?$'
        $sandbox.Region | Should -Not -BeNullOrEmpty
        $sandbox.AccessKeyId | Should -Not -BeNullOrEmpty
        $sandbox.SecretAccessKey | Should -Not -BeNullOrEmpty
        $sandbox.VpcId | Should -Match '^vpc-'
        $sandbox.SecurityGroupId | Should -Match '^sg-'
        foreach ($kind in 'Isolated', 'Private', 'Dead') {
            $sandbox.Subnets.$kind | Should -Match '^subnet-'
        }
    }

    It 'points the process to it, and removes what would lead elsewhere' {
        $env:AWS_SESSION_TOKEN = 'old token'
        $env:AWS_ENDPOINT_URL_SSM = 'http://127.0.0.1:1'
        $env:AWS_PROFILE = 'real'
        try {
            $sandbox = Start-SsmSandbox
            $sandbox.EnvironmentSet | Should -BeTrue
            $env:AWS_ENDPOINT_URL | Should -Be $sandbox.Endpoint
            $env:AWS_ACCESS_KEY_ID | Should -Be $sandbox.AccessKeyId
            $env:AWS_SECRET_ACCESS_KEY | Should -Be $sandbox.SecretAccessKey
            $env:AWS_REGION | Should -Be $sandbox.Region
            Test-Path Env:AWS_SESSION_TOKEN, Env:AWS_ENDPOINT_URL_SSM, Env:AWS_PROFILE | Should -Not -Contain $true
            (New-SsmInstanceRole web).Created | Should -BeTrue
        }
        finally {
            Stop-SsmSandbox
            Remove-Item Env:AWS_SESSION_TOKEN, Env:AWS_ENDPOINT_URL_SSM, Env:AWS_PROFILE
        }
    }

    It 'touches no variable with -NoEnvironment' {
        $before = Get-ChildItem Env: | Where-Object Name -Like 'AWS_*' | Out-String
        $sandbox = Start-SsmSandbox -NoEnvironment
        $sandbox.EnvironmentSet | Should -BeFalse
        Get-ChildItem Env: | Where-Object Name -Like 'AWS_*' | Out-String | Should -Be $before
        $call = @{
            Region = $sandbox.Region; EndpointUrl = $sandbox.Endpoint
            AccessKey = $sandbox.AccessKeyId; SecretKey = $sandbox.SecretAccessKey
        }
        (New-SsmInstanceRole web @call).Created | Should -BeTrue
    }

    It 'takes the port it is given' {
        $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $listener.Start()
        $port = $listener.LocalEndpoint.Port
        $failed = Get-Failure { Start-SsmSandbox -Port $port }
        $failed.CategoryInfo.Category | Should -Be ResourceBusy
        $failed.TargetObject | Should -Be $port
        $listener.Stop()
        (Start-SsmSandbox -Port $port).Endpoint | Should -Match ":$port/?$"
    }

    It 'returns the one that runs, and refuses to be another' {
        $first = Start-SsmSandbox
        (Start-SsmSandbox).AccessKeyId | Should -Be $first.AccessKeyId
        $failed = Get-Failure { Start-SsmSandbox -NoEnvironment }
        Assert-Error $failed SandboxRunning ResourceExists $first.Endpoint
    }

    It 'speaks TLS where it is asked to, with a certificate to trust' {
        $file = Join-Path $TestDrive ca.pem
        $sandbox = Start-SsmSandbox -CaPath $file
        $sandbox.TlsEndpoint | Should -Match '^https://127\.0\.0\.1:\d+$'
        $sandbox.CaPath | Should -Be $file
        Get-Content $file -Raw | Should -Match 'BEGIN CERTIFICATE'
        { Invoke-WebRequest $sandbox.TlsEndpoint -NoProxy } | Should -Throw '*SSL*'
        (Start-SsmSandbox -TlsPort 0 -CaPath $file).TlsEndpoint | Should -Be $sandbox.TlsEndpoint
        Assert-Error (Get-Failure { Start-SsmSandbox -TlsPort 1 }) SandboxRunning ResourceExists $sandbox.Endpoint
        Stop-SsmSandbox
        $file | Should -Not -Exist
    }

    It 'writes its certificate over no file of yours' {
        $file = Join-Path $TestDrive notes.txt
        Set-Content $file precious
        $failed = Get-Failure { Start-SsmSandbox -TlsPort 0 -CaPath $file }
        $failed.FullyQualifiedErrorId | Should -BeLike 'CaFileNotWritten*'
        Get-Content $file | Should -Be precious
        Get-SsmSandbox | Should -BeNullOrEmpty
    }

    It 'starts nothing with -WhatIf' {
        Start-SsmSandbox -WhatIf | Should -BeNullOrEmpty
        Get-SsmSandbox | Should -BeNullOrEmpty
    }

    It 'does not show the secret unless it is asked for' {
        $sandbox = Start-SsmSandbox
        $sandbox | Out-String | Should -Not -Match ([regex]::Escape($sandbox.SecretAccessKey))
        $sandbox | Out-String | Should -Match ([regex]::Escape($sandbox.Subnets.Isolated[0]))
        "$sandbox" | Should -Be $sandbox.Endpoint
    }

    It 'ends with its process, and its shells with it' {
        $child = Invoke-Child '(Start-SsmSandbox).Endpoint'
        $child.ExitCode | Should -Be 0
        $uri = [uri] $child.Output.Trim()
        { [System.Net.Sockets.TcpClient]::new($uri.Host, $uri.Port) } | Should -Throw
    }
}
