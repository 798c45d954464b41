BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/sandboxapi.ps1
    $sandbox = Start-TestSandbox
    $role = New-SsmInstanceRole web
    $key = [System.Security.Cryptography.RSA]::Create(2048)
    $keyFile = Join-Path $TestDrive 'web.pem'
    Set-Content $keyFile $key.ExportRSAPrivateKeyPem()
    $numbers = $key.ExportParameters($false)
    $blob = [byte[]] (0, 0, 0, 7) + [Text.Encoding]::ASCII.GetBytes('ssh-rsa') +
        [byte[]] (0, 0, 0, 3) + $numbers.Exponent + [byte[]] (0, 0, 1, 1, 0) + $numbers.Modulus
    Import-KeyPair web "ssh-rsa $([Convert]::ToBase64String($blob))"
    $windows = $role | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name desk -Image WindowsServer2022 -InstanceType t3.medium -KeyName web
    $linux = $role | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name web-1
    $null = $windows, $linux | Test-SsmRegistration -Wait
    $id = $windows.InstanceId
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Connect-SsmRdp' {
    It 'opens a tunnel to the desktop and returns what to sign in with' {
        $rdp = Connect-SsmRdp $id -KeyFile $keyFile -NoClient -PassThru
        try {
            $rdp.InstanceId | Should -Be $id
            $rdp.UserName | Should -Be 'Administrator'
            $rdp.Credential.UserName | Should -Be 'Administrator'
            $rdp.Credential.GetNetworkCredential().Password.Length | Should -Be 32
            $rdp.Client | Should -BeNullOrEmpty
            $rdp.LocalEndpoint | Should -Match '^127\.0\.0\.1:\d+$'
            $rdp.Tunnel.RemotePort | Should -Be 3389
            (Get-SsmTunnel).LocalEndpoint | Should -Be $rdp.LocalEndpoint
            $rdp | Out-String | Should -Not -Match ([regex]::Escape($rdp.Credential.GetNetworkCredential().Password))
        }
        finally {
            $rdp.Tunnel | Remove-SsmTunnel
        }
        Get-SsmTunnel | Should -BeNullOrEmpty
        Get-ActiveSession $id | Should -BeNullOrEmpty
    }

    It 'carries bytes to the port' {
        $server = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $server.Start()
        $rdp = Connect-SsmRdp desk -Port $server.LocalEndpoint.Port -NoClient -PassThru
        $client = [System.Net.Sockets.TcpClient]::new()
        try {
            $rdp.Credential | Should -BeNullOrEmpty -Because 'no key was given'
            $client.Connect('127.0.0.1', $rdp.Tunnel.LocalPort)
            $client.GetStream().WriteByte(3)
            $accepted = $server.AcceptTcpClient()
            $accepted.GetStream().ReadByte() | Should -Be 3
            $accepted.Dispose()
        }
        finally {
            $client.Dispose()
            $rdp.Tunnel | Remove-SsmTunnel
            $server.Stop()
        }
    }

    It 'starts the client with a file of its own, and closes with it' -Skip:(-not $IsLinux) {
        $bin = New-Item (Join-Path $TestDrive bin) -ItemType Directory
        Set-Content "$bin/xfreerdp" @"
#!/bin/sh
printf '%s\n' "`$@" > '$bin/arguments'
stat -c %a "`$1" > '$bin/rights'
cat "`$1" > '$bin/file'
cat > '$bin/input'
"@
        chmod +x "$bin/xfreerdp"
        $line = "`$env:DISPLAY = ':99'; `$env:PATH = '$bin' + [IO.Path]::PathSeparator + `$env:PATH; "
        $line += "Connect-SsmRdp desk -KeyFile '$keyFile' -UserName 'EXAMPLE\ada'; @(Get-SsmTunnel).Count"
        $child = Invoke-Child $line
        $child.Errors | Should -BeNullOrEmpty
        $child.Output.Trim() | Should -Be '0'
        $arguments = Get-Content "$bin/arguments"
        $arguments[1..2] | Should -Be '/cert:ignore', '/from-stdin:force'
        Test-Path $arguments[0] | Should -BeFalse -Because 'the file is taken away'
        Get-Content "$bin/rights" | Should -Be '600'
        $file = Get-Content "$bin/file" -Raw
        $file | Should -Match '(?m)^full address:s:127\.0\.0\.1:\d+\r$'
        $file | Should -Match '(?m)^username:s:EXAMPLE\\ada\r$'
        $password = (Connect-SsmRdp desk -KeyFile $keyFile -NoClient -PassThru -OutVariable rdp).Credential.GetNetworkCredential().Password
        $rdp.Tunnel | Remove-SsmTunnel
        Get-Content "$bin/input" | Should -Be $password
        $file, "$arguments" | ForEach-Object { $_ | Should -Not -Match ([regex]::Escape($password)) }
    }

    It 'says where to connect to, and closes at Ctrl-C' -Skip:(-not (Get-Command python3 -ErrorAction Ignore)) {
        $shown = Invoke-Terminal "try { Connect-SsmRdp desk -NoClient } finally { `"<`$(@(Get-SsmTunnel).Count) left>`" | Out-Host }" 'Ctrl-C closes the tunnel', "$([char] 3)"
        $shown | Should -Match 'Connect a Remote Desktop client to 127\.0\.0\.1:\d+, as Administrator'
        $shown | Should -Match '<0 left>'
        Get-ActiveSession $id | Should -BeNullOrEmpty
    }

    It 'says what is wrong with a key' {
        $failed = Get-Failure { Connect-SsmRdp $linux.InstanceId -KeyFile $keyFile -ErrorAction Stop }
        Assert-Error $failed PasswordNotAvailable ResourceUnavailable $linux.InstanceId
        $missing = Join-Path $TestDrive 'no.pem'
        Assert-Error (Get-Failure { Connect-SsmRdp $id -KeyFile $missing -ErrorAction Stop }) KeyFileNotFound ObjectNotFound $missing
        Set-Content "$TestDrive/other.pem" ([System.Security.Cryptography.RSA]::Create(2048).ExportRSAPrivateKeyPem())
        $other = Join-Path $TestDrive 'other.pem'
        Assert-Error (Get-Failure { Connect-SsmRdp $id -KeyFile $other -ErrorAction Stop }) KeyDoesNotFit InvalidArgument $other
        Get-SsmTunnel | Should -BeNullOrEmpty
    }

    It 'names a local port that is taken' {
        $server = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $server.Start()
        try {
            $failed = Get-Failure { Connect-SsmRdp desk -LocalPort $server.LocalEndpoint.Port -NoClient -PassThru -ErrorAction Stop }
            $failed.FullyQualifiedErrorId | Should -BeLike 'LocalPortInUse,*'
        }
        finally {
            $server.Stop()
        }
    }
}
