BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $web = New-SsmInstanceRole web | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name web-1 -Tag @{ Team = 'web' }
    $db = New-SsmInstanceRole web | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name db-1 -Tag @{ Team = 'db' }
    $null = $web, $db | Test-SsmRegistration -Wait
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Register-SsmSessionAlert' {
    It 'has a subscriber told who started a session where, and of no other' {
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        try {
            $alert = Register-SsmSessionAlert web -NodeTag @{ Team = 'web' } -Subscriber "http://127.0.0.1:$($listener.LocalEndpoint.Port)/" -WarningAction SilentlyContinue
            $alert | Should -BeOfType SsmTools.Output.SsmSessionAlert
            $alert.InstanceId | Should -Be $web.InstanceId
            $alert.Pending | Should -BeNullOrEmpty
            $null = Invoke-SsmCommand db-1 -Command 'echo one' -Session
            $null = Invoke-SsmCommand web-1 -Command 'echo two' -Session
            $accepting = $listener.AcceptTcpClientAsync()
            $accepting.Wait(20000) | Should -BeTrue
            $client = $accepting.Result
            $reader = [IO.StreamReader]::new($client.GetStream())
            $client.ReceiveTimeout = 20000
            $length = 0
            while (($line = $reader.ReadLine()) -ne '') {
                if ($line -match '^Content-Length: (\d+)') { $length = [int] $Matches[1] }
            }
            $buffer = [char[]]::new($length)
            $null = $reader.ReadBlock($buffer, 0, $length)
            $answer = [Text.Encoding]::ASCII.GetBytes("HTTP/1.1 200 OK`r`nContent-Length: 0`r`nConnection: close`r`n`r`n")
            $client.GetStream().Write($answer, 0, $answer.Length)
            $client.Dispose()
            $told = [string]::new($buffer) | ConvertFrom-Json
            $told.TopicArn | Should -Be $alert.TopicArn
            $told.Message | Should -Match "on $($web.InstanceId) was started at .* by arn:aws:iam::\d+:user/sandbox"
            $listener.Pending() | Should -BeFalse
        }
        finally {
            $listener.Stop()
        }
    }

    It 'says that tags are those of now' {
        $null = Register-SsmSessionAlert tagged -NodeTag @{ Team = 'web', 'db' } -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -Match 'holds the ids that have them now \(2\)'
    }

    It 'uses a topic that is given, and can be run again' {
        $first = Register-SsmSessionAlert one -AllNodes -Subscriber ops@example.com
        $second = Register-SsmSessionAlert two -AllNodes -TopicArn $first.TopicArn
        $second.TopicArn | Should -Be $first.TopicArn
        $second.Pending | Should -Be 'ops@example.com'
        (Register-SsmSessionAlert one -AllNodes -Subscriber ops@example.com).RuleName | Should -Be 'one'
    }

    It 'says each step with -WhatIf and takes none' {
        $said = (Invoke-Child 'Register-SsmSessionAlert what -AllNodes -WhatIf').Output
        $said | Should -Match 'What if: .*Make the topic.*topic SsmTools-what'
        $said | Should -Match 'What if: .*Make the rule.*rule what'
        Get-SsmSessionAlert what -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'shows a table of 80 columns' {
        $text = Register-SsmSessionAlert one -AllNodes | Format-Table | Out-String -Width 80
        $text | Should -Match 'Name\s+Enabled Nodes Topic'
        $text | Should -Match 'one\s+True\s+all SsmTools-one'
    }

    It 'refuses what cannot be' {
        Assert-Error (Get-Failure { Register-SsmSessionAlert x -ErrorAction Stop }) NodesNotNamed InvalidArgument 'x'
        Assert-Error (Get-Failure { Register-SsmSessionAlert 'a b' -AllNodes -ErrorAction Stop }) AlertNameInvalid InvalidArgument 'a b'
        Assert-Error (Get-Failure { Register-SsmSessionAlert x -NodeTag @{ Team = 'none' } -ErrorAction Stop }) AlertMatchesNoNode ObjectNotFound 'x'
        Assert-Error (Get-Failure { Register-SsmSessionAlert x -AllNodes -Subscriber nobody -ErrorAction Stop }) SubscriberInvalid InvalidArgument 'x'
        Assert-Error (Get-Failure { Register-SsmSessionAlert x -AllNodes -TopicArn arn:aws:sns:eu-west-1:123456789012:none -ErrorAction Stop }) AlertTopicNotFound ObjectNotFound 'x'
    }
}
