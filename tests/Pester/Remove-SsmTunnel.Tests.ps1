BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $node = New-SsmInstanceRole web | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name web-1
    $null = $node | Test-SsmRegistration -Wait
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Remove-SsmTunnel' {
    AfterEach {
        Get-SsmTunnel | Remove-SsmTunnel
    }

    It 'closes the port, and says nothing' {
        $tunnel = New-SsmTunnel web-1 8080
        $tunnel | Remove-SsmTunnel | Should -BeNullOrEmpty
        { [System.Net.Sockets.TcpClient]::new('127.0.0.1', $tunnel.LocalPort) } | Should -Throw
        Get-SsmTunnel | Should -BeNullOrEmpty
        { Remove-SsmTunnel $tunnel -ErrorAction Stop } | Should -Not -Throw
    }

    It 'takes ports, and returns what it closed with -PassThru' {
        $tunnel, $other = New-SsmTunnel web-1 -Forward 8080, 8081
        (Remove-SsmTunnel -LocalPort $tunnel.LocalPort -PassThru).State | Should -Be 'Closed'
        $other.State | Should -Be 'Open'
        (Complete 'Remove-SsmTunnel -LocalPort ').CompletionText | Should -Be "$($other.LocalPort)"
    }

    It 'closes nothing with -WhatIf' {
        $tunnel = New-SsmTunnel web-1 8080
        Remove-SsmTunnel $tunnel -WhatIf
        $tunnel.State | Should -Be 'Open'
    }

    It 'says that no tunnel listens there' {
        $failed = Get-Failure { Remove-SsmTunnel -LocalPort 1 -ErrorAction Stop }
        Assert-Error $failed TunnelNotFound ObjectNotFound '1'
    }
}
