BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $role = New-SsmInstanceRole web
    $good = $role | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name good
    $dead = $role | New-SsmInstance $sandbox.Subnets.Dead[0] -Name 'dead end'
    $null = $good | Test-SsmRegistration -Wait
    $Error.Clear()

    # As a person does on a slow day: Tab again. What was asked for comes by and by.
    function Offered([string] $Line) {
        foreach ($try in 1..100) {
            if ($found = Complete $Line) {
                return $found
            }
            Start-Sleep -Milliseconds 100
        }
    }
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Completion of what the account knows' {
    AfterEach {
        $Error | Should -BeNullOrEmpty -Because 'a completion says nothing'
    }

    It 'offers the instances to <_>' -ForEach 'Test-SsmRegistration', 'Remove-SsmInstance' {
        $found = Offered "$_ "
        $found.CompletionText | Should -Be $good.InstanceId, $dead.InstanceId
        $found.ListItemText | Should -Be 'good', 'dead end'
        $found[0].ToolTip | Should -Be "good, $($good.InstanceId), running, Online, Amazon Linux 2023"
        $found[1].ToolTip | Should -Be "dead end, $($dead.InstanceId), running, not registered"
    }

    It 'offers Enter-SsmSession only what can be entered' {
        (Offered 'Enter-SsmSession ').CompletionText | Should -Be $good.InstanceId
        Complete 'Enter-SsmSession dead' | Should -BeNullOrEmpty
    }

    It 'finds <Word>' -ForEach @(
        @{ Word = 'go'; Name = 'good' }
        @{ Word = 'GOOD'; Name = 'good' }
        @{ Word = 'end'; Name = 'dead end' }
        @{ Word = "'dead e"; Name = 'dead end' }
        @{ Word = 'd*d'; Name = 'dead end' }
    ) {
        $found = Offered "Test-SsmRegistration -InstanceId $Word"
        $found.ListItemText | Should -Be $Name
        $quote = $Word -like "'*" ? "'" : ''
        $found.CompletionText | Should -Be "$quote$($Name -eq 'good' ? $good.InstanceId : $dead.InstanceId)$quote"
    }

    It 'finds an id by its beginning, and by the aliases of the parameter' {
        foreach ($parameter in 'InstanceId', 'Target', 'Id') {
            (Offered "Test-SsmRegistration -$parameter $($good.InstanceId.Substring(0, 12))").CompletionText |
                Should -Be $good.InstanceId
        }
    }

    It 'offers subnets, profiles and groups to New-SsmInstance' {
        (Offered 'New-SsmInstance isolated-a').CompletionText | Should -Be $sandbox.Subnets.Isolated[0]
        (Offered 'New-SsmInstance -SubnetId subnet-').CompletionText | Should -Contain $sandbox.Subnets.Dead[0]
        (Offered 'New-SsmInstance -InstanceProfileName ').CompletionText | Should -Be 'web'
        (Offered 'New-SsmInstance -SecurityGroupId sg-').CompletionText | Should -Contain $sandbox.SecurityGroupId
    }

    It 'narrows subnets and groups to the VPC of what is given already' {
        $other = New-SsmNetwork narrow -Cidr 10.77.0.0/23 -ZoneCount 1 -WarningAction SilentlyContinue
        (Offered "New-SsmInstance $($other.SubnetId[0]) -SecurityGroupId sg-").CompletionText |
            Should -Not -Contain $sandbox.SecurityGroupId
        (Offered "New-SsmInstance -SecurityGroupId $($other.SecurityGroupId) -SubnetId subnet-").CompletionText |
            Should -Be $other.SubnetId
        (Offered "New-SsmVpcEndpoint $($other.VpcId) -SecurityGroupId sg-").CompletionText |
            Should -Contain $other.SecurityGroupId
        $other | Remove-SsmNetwork -Confirm:$false
    }

    It 'offers roles to Remove-SsmInstanceRole' {
        (Offered 'Remove-SsmInstanceRole w').CompletionText | Should -Be 'web'
        (Offered 'Remove-SsmInstanceRole -RoleName ').CompletionText | Should -Be 'web'
    }

    It 'asks where and as whom the line says' {
        # Nothing that the environment says of the sandbox is of use for these.
        Complete 'Test-SsmRegistration -EndpointUrl http://127.0.0.1:1 -InstanceId ' | Should -BeNullOrEmpty
        Complete 'Test-SsmRegistration -ProfileName nobody -InstanceId ' | Should -BeNullOrEmpty
        Complete 'Test-SsmRegistration -Region us-west-2 -InstanceId ' | Should -BeNullOrEmpty
        Complete 'Test-SsmRegistration -AccessKey AKIANOBODY -SecretKey x -InstanceId ' | Should -BeNullOrEmpty
        (Offered 'Test-SsmRegistration -InstanceId good').CompletionText | Should -Be $good.InstanceId
    }

    It 'offers nothing instead of an error or file names' {
        Complete 'Test-SsmRegistration -Region nowhere -InstanceId ' | Should -BeNullOrEmpty
        Complete 'Test-SsmRegistration -AccessKey x -InstanceId ' | Should -BeNullOrEmpty
        Complete 'Test-SsmRegistration zzz' | Should -BeNullOrEmpty
    }

    It 'does not wait for an endpoint that does not answer' {
        $deaf = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $deaf.Start()
        try {
            Complete "Test-SsmRegistration -EndpointUrl http://$($deaf.LocalEndpoint) -InstanceId " | Should -BeNullOrEmpty
        }
        finally {
            $deaf.Stop()
        }
    }
}

Describe 'Completion with the defaults of the shell' {
    BeforeAll {
        Stop-SsmSandbox
        $sandbox = Start-SsmSandbox -NoEnvironment
        $where = "-EndpointUrl $($sandbox.Endpoint)"
        $keys = "-AccessKey $($sandbox.AccessKeyId) -SecretKey $($sandbox.SecretAccessKey)"
        $Error.Clear()
    }

    AfterEach {
        Remove-Variable StoredAWSCredentials, StoredAWSRegion -Scope Global -ErrorAction Ignore
        Remove-Item Function:\Get-AWSCredential -ErrorAction Ignore
        $Error | Should -BeNullOrEmpty
    }

    It 'needs a region, from the line or from the shell' {
        Complete "New-SsmInstance $where $keys -SubnetId subnet-" | Should -BeNullOrEmpty
        (Offered "New-SsmInstance $where $keys -Region $($sandbox.Region) -SubnetId subnet-").Count | Should -BeGreaterThan 2
        $global:StoredAWSRegion = [pscustomobject]@{ Region = $sandbox.Region; Name = 'Somewhere' }
        (Offered "New-SsmInstance $where $keys -SubnetId subnet-").Count | Should -BeGreaterThan 2
    }

    It 'takes credentials that the shell keeps, or a variable does' {
        $stored = [pscustomobject]@{ AccessKey = $sandbox.AccessKeyId; SecretKey = $sandbox.SecretAccessKey }
        $line = "New-SsmInstance $where -Region $($sandbox.Region) -SubnetId subnet-"
        Complete $line | Should -BeNullOrEmpty
        $global:credentialOfTest = $stored
        (Offered ($line -replace '-SubnetId', '-Credential $credentialOfTest -SubnetId')).Count | Should -BeGreaterThan 2
        Remove-Variable credentialOfTest -Scope Global
        $global:StoredAWSCredentials = $stored
        function global:Get-AWSCredential { $global:StoredAWSCredentials }
        (Offered $line).Count | Should -BeGreaterThan 2
    }
}
