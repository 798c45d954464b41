BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $node = New-SsmInstanceRole web | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name web-1
    $null = $node | Test-SsmRegistration -Wait
    # What listens on the instance, which is this machine: says back what it is told, line by line.
    $server = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
    $server.Start()
    $port = $server.LocalEndpoint.Port
    $echo = [powershell]::Create().AddScript({
            param($server)
            while ($client = $server.AcceptTcpClient()) {
                $stream = $client.GetStream()
                $reader = [System.IO.StreamReader]::new($stream)
                while ($line = $reader.ReadLine()) {
                    $stream.Write([Text.Encoding]::ASCII.GetBytes("$line`n"))
                }
                $client.Dispose()
            }
        }).AddArgument($server)
    $null = $echo.BeginInvoke()

    function Send-Line($Tunnel, [string] $Line) {
        $client = [System.Net.Sockets.TcpClient]::new($Tunnel.LocalAddress, $Tunnel.LocalPort)
        try {
            $client.ReceiveTimeout = 20000
            $stream = $client.GetStream()
            $stream.Write([Text.Encoding]::ASCII.GetBytes("$Line`n"))
            [System.IO.StreamReader]::new($stream).ReadLine()
        }
        finally {
            $client.Dispose()
        }
    }

    function Wait-Until([scriptblock] $Condition) {
        foreach ($try in 1..200) {
            if (& $Condition) {
                return
            }
            Start-Sleep -Milliseconds 50
        }
        throw "Not so after ten seconds: $Condition"
    }

    function Get-ClosedPort {
        $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $listener.Start()
        $listener.LocalEndpoint.Port
        $listener.Stop()
    }
}

AfterAll {
    $server.Stop()
    Stop-SsmSandbox
}

Describe 'New-SsmTunnel' {
    AfterEach {
        Get-SsmTunnel | Remove-SsmTunnel
    }

    It 'leads to a port of the instance' {
        $tunnel = 'web-1' | New-SsmTunnel -RemotePort $port
        Send-Line $tunnel 'hello' | Should -Be 'hello'
        $tunnel.LocalEndpoint | Should -Be "127.0.0.1:$($tunnel.LocalPort)"
        $tunnel.Target | Should -Be $node.InstanceId
        $tunnel.Name | Should -Be 'web-1'
        $tunnel.Remote | Should -Be $port
        $tunnel.State | Should -Be 'Open'
        $tunnel.BytesOut | Should -Be 6
        $tunnel.BytesIn | Should -Be 6
        $tunnel.Reconnects | Should -Be 0
        $tunnel.LastError | Should -BeNullOrEmpty
        $tunnel.SessionId.Count | Should -Be 1
    }

    It 'is shown in 80 columns' {
        $shown = (New-SsmTunnel web-1 $port | Out-String -Width 80).Trim() -split "`n"
        $shown[0] | Should -Match '^LocalEndpoint +Target +Remote +State +Conns'
        $shown[-1] | Should -Match "^127\.0\.0\.1:\d+ +$($node.InstanceId) +$port +Open +0"
        $shown | ForEach-Object { $_.TrimEnd().Length | Should -BeLessOrEqual 80 }
    }

    It 'opens several at once, and reports those that cannot be' {
        $free = Get-ClosedPort
        $tunnels = New-SsmTunnel web-1 -Forward $port, "${free}:$port", "${free}:$port", "127.0.0.1:$port" -ErrorVariable failed -ErrorAction SilentlyContinue
        $tunnels.Count | Should -Be 3
        $tunnels.LocalPort | Should -Contain $free
        $tunnels | ForEach-Object { Send-Line $_ 'several' } | Should -Be 'several', 'several', 'several'
        $failed.Count | Should -Be 1
        Assert-Error $failed[0] LocalPortInUse ResourceBusy "127.0.0.1:$free"
        if ($IsLinux) {
            "$($failed[0])" | Should -Be "Local port $free is in use by this very process."
        }
    }

    It 'goes by SOCKS to wherever a connection asks' -Skip:(-not (Get-Command curl -CommandType Application -ErrorAction Ignore)) {
        $socks = New-SsmTunnel web-1 -Dynamic
        # What curl asks for is said back to it; the answer is HTTP 0.9 to it.
        $said = curl --silent --max-time 20 --http0.9 --socks5-hostname $socks.LocalEndpoint "http://localhost:$port/over-there" 2>$null
        "$said" | Should -Match 'GET /over-there'
        $socks.Remote | Should -Be 'SOCKS'
    }

    It 'resets a connection to a closed port, counts it and lives on' {
        $tunnel = New-SsmTunnel web-1 (Get-ClosedPort)
        { Send-Line $tunnel 'nobody' } | Should -Throw
        Wait-Until { $tunnel.Errors -eq 1 }
        $tunnel.LastError | Should -BeLike "$($node.InstanceId) could not connect to $($tunnel.RemotePort): the port is closed there*"
        $tunnel.State | Should -Be 'Open'
    }

    It 'tells changes of its state as events' {
        $tunnel = New-SsmTunnel web-1 $port
        $null = Register-ObjectEvent $tunnel StateChanged -SourceIdentifier tunnel
        try {
            Remove-SsmTunnel $tunnel
            $told = Wait-Event tunnel -Timeout 20
            $told.SourceEventArgs.Before | Should -Be 'Open'
            $told.SourceEventArgs.Now | Should -Be 'Closed'
            ($told.SourceEventArgs | Out-String) | Should -Match 'Before +Now +Reason'
        }
        finally {
            Unregister-Event tunnel
            Get-Event tunnel | Remove-Event
        }
    }

    It 'warns where others could use it' {
        $tunnel = New-SsmTunnel web-1 $port -LocalAddress '*' -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -Be "Whoever reaches this computer at $($tunnel.LocalEndpoint) reaches $port through $($node.InstanceId), with your rights."
    }

    It 'opens nothing with -WhatIf' {
        New-SsmTunnel web-1 $port -WhatIf | Should -BeNullOrEmpty
        Get-SsmTunnel | Should -BeNullOrEmpty
    }

    It 'says what is wrong with <Forward>' -ForEach @(
        @{ Forward = 'web'; Reason = "'web' says not what to forward: 'web' is no port." }
        @{ Forward = '1:2:3:4'; Reason = "'1:2:3:4' says not what to forward: it has too many parts; an IPv6 address stands in brackets." }
    ) {
        $failed = Get-Failure { New-SsmTunnel web-1 -Forward $Forward -ErrorAction Stop }
        Assert-Error $failed InvalidForward InvalidArgument $Forward
        "$failed" | Should -Be $Reason
    }

    It 'says that there is no way to a Unix socket' {
        $failed = Get-Failure { New-SsmTunnel web-1 -Forward '/run/docker.sock' -ErrorAction Stop }
        Assert-Error $failed RemoteSocketNotServed InvalidOperation '/run/docker.sock'
    }

    It 'says what the agent said of a host that it cannot find' {
        $failed = Get-Failure { New-SsmTunnel web-1 5432 -RemoteHost no-such-host.invalid -ErrorAction Stop }
        Assert-Error $failed PortSessionEnded InvalidOperation $node.InstanceId
        "$failed" | Should -Be "The session with $($node.InstanceId) was ended: lookup no-such-host.invalid: no such host"
        Get-SsmTunnel | Should -BeNullOrEmpty
    }

    It 'does not open SOCKS to others' {
        $failed = Get-Failure { New-SsmTunnel web-1 -Dynamic -LocalAddress 0.0.0.0 -ErrorAction Stop }
        Assert-Error $failed SocksNotLocal InvalidArgument '0.0.0.0'
    }

    It 'says that an instance is not there' {
        $failed = Get-Failure { New-SsmTunnel i-0000000000000000f 80 -ErrorAction Stop }
        Assert-Error $failed TargetNotFound ObjectNotFound 'i-0000000000000000f'
    }

    It 'needs one instance' {
        $failed = Get-Failure { 'web-1', 'web-2' | New-SsmTunnel -RemotePort 80 -ErrorAction Stop }
        $failed.FullyQualifiedErrorId | Should -Be 'SeveralTargets,SsmTools.Commands.NewSsmTunnelCommand'
    }

    It 'says that a port is for administrators' -Skip:($IsWindows -or [Environment]::IsPrivilegedProcess) {
        $failed = Get-Failure { New-SsmTunnel web-1 80 -LocalPort 80 -ErrorAction Stop }
        Assert-Error $failed LocalPortForbidden PermissionDenied '127.0.0.1:80'
    }

    It 'ends with the module and with its runspace' {
        $shell = [powershell]::Create()
        $tunnel = $shell.AddScript("Import-Module '$Manifest'; New-SsmTunnel web-1 $port").Invoke()[0]
        Send-Line $tunnel 'there' | Should -Be 'there'
        Get-SsmTunnel | Should -BeNullOrEmpty -Because 'it is of another runspace'
        $shell.Runspace.Dispose()
        $tunnel.State | Should -Be 'Closed'
        $shell.Dispose()

        $shell = [powershell]::Create()
        $tunnel = $shell.AddScript("Import-Module '$Manifest'; New-SsmTunnel web-1 $port; Remove-Module SsmTools").Invoke()[0]
        $tunnel.State | Should -Be 'Closed'
        $shell.Dispose()
    }

    It 'keeps no process from ending' {
        $child = Invoke-Child "(New-SsmTunnel web-1 $port).State; exit 3" -Limit 30
        $child.Output.Trim() | Should -Be 'Open'
        $child.ExitCode | Should -Be 3
    }
}
