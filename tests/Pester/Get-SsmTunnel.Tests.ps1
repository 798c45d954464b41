BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $node = New-SsmInstanceRole web | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name web-1
    $null = $node | Test-SsmRegistration -Wait
    $tunnels = New-SsmTunnel web-1 -Forward 8080, 8081
}

AfterAll {
    Get-SsmTunnel | Remove-SsmTunnel
    Stop-SsmSandbox
}

Describe 'Get-SsmTunnel' {
    It 'lists the very objects in the order of their opening' {
        $found = Get-SsmTunnel
        $found.Count | Should -Be 2
        [object]::ReferenceEquals($found[0], $tunnels[0]) | Should -BeTrue
        $found.Remote | Should -Be '8080', '8081'
    }

    It 'finds them by instance, name and port' {
        (Get-SsmTunnel web-*).Count | Should -Be 2
        (Get-SsmTunnel $node.InstanceId).Count | Should -Be 2
        (Get-SsmTunnel -LocalPort $tunnels[1].LocalPort).Remote | Should -Be '8081'
        Get-SsmTunnel db-1 | Should -BeNullOrEmpty
        Get-SsmTunnel web-1 -LocalPort 1 | Should -BeNullOrEmpty
    }

    It 'completes instances and ports' {
        (Complete 'Get-SsmTunnel ').CompletionText | Should -Be $node.InstanceId, 'web-1'
        (Complete 'Get-SsmTunnel -LocalPort ').CompletionText | Should -Be "$($tunnels[0].LocalPort)", "$($tunnels[1].LocalPort)"
    }

    It 'does not list those that are closed' {
        $third = New-SsmTunnel web-1 8082
        $third.Dispose()
        $third.State | Should -Be 'Closed'
        (Get-SsmTunnel).Remote | Should -Be '8080', '8081'
    }
}
