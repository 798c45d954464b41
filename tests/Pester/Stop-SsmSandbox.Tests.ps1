BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Stop-SsmSandbox' {
    AfterEach {
        Stop-SsmSandbox
    }

    It 'puts back exactly what was there' {
        $env:AWS_REGION = 'eu-north-1'
        $env:AWS_SESSION_TOKEN = 'old token'
        Remove-Item Env:AWS_ENDPOINT_URL -ErrorAction Ignore
        try {
            $null = Start-SsmSandbox
            $env:AWS_REGION = 'changed meanwhile'
            Stop-SsmSandbox
            $env:AWS_REGION | Should -Be 'eu-north-1'
            $env:AWS_SESSION_TOKEN | Should -Be 'old token'
            Test-Path Env:AWS_ENDPOINT_URL | Should -BeFalse
            Test-Path Env:AWS_ACCESS_KEY_ID | Should -BeFalse
        }
        finally {
            Remove-Item Env:AWS_REGION, Env:AWS_SESSION_TOKEN
        }
    }

    It 'closes the port and ends the shells' {
        $sandbox = Start-TestSandbox
        $uri = [uri] $sandbox.Endpoint
        $null = New-SsmInstanceRole web | New-SsmInstance $sandbox.Subnets.Isolated[0] | Test-SsmRegistration -Wait
        Stop-SsmSandbox
        { [System.Net.Sockets.TcpClient]::new($uri.Host, $uri.Port) } | Should -Throw
    }

    It 'says nothing, and returns what it stopped with -PassThru' {
        $null = Start-SsmSandbox
        Stop-SsmSandbox | Should -BeNullOrEmpty
        $sandbox = Start-SsmSandbox
        ($sandbox | Stop-SsmSandbox -PassThru).Endpoint | Should -Be $sandbox.Endpoint
    }

    It 'is content where none runs' {
        { Stop-SsmSandbox -ErrorAction Stop } | Should -Not -Throw
    }

    It 'leaves another sandbox than the given one alone' {
        $first = Start-SsmSandbox
        Stop-SsmSandbox
        $second = Start-SsmSandbox
        $first | Stop-SsmSandbox
        (Get-SsmSandbox).AccessKeyId | Should -Be $second.AccessKeyId
    }

    It 'stops nothing with -WhatIf' {
        $null = Start-SsmSandbox
        Stop-SsmSandbox -WhatIf
        Get-SsmSandbox | Should -Not -BeNullOrEmpty
    }

    It 'lets cmdlets that are running fail with an error that names the endpoint' {
        $sandbox = Start-SsmSandbox
        $call = @{
            Region = $sandbox.Region; EndpointUrl = $sandbox.Endpoint
            AccessKey = $sandbox.AccessKeyId; SecretKey = $sandbox.SecretAccessKey
        }
        Stop-SsmSandbox
        $failed = Get-Failure { New-SsmInstanceRole web @call -ErrorAction Stop }
        $failed.CategoryInfo.Category | Should -Be ConnectionError
    }
}
