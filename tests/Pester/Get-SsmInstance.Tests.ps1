BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $web = New-SsmInstanceRole web | New-SsmInstance $sandbox.Subnets.Isolated -Name web -Count 2 -Tag @{ Stage = 'test' } -Wait
    $dead = New-SsmInstance $sandbox.Subnets.Dead -InstanceProfileName web -Name dead -Tag @{ Stage = 'prod' } `
        -Image WindowsServer2022 -InstanceType t3.large
    $gone = New-SsmInstance $sandbox.Subnets.Dead -InstanceProfileName web -Name gone
    Remove-SsmInstance $gone -Confirm:$false
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Get-SsmInstance' {
    It 'lists managed and unmanaged instances side by side, and none that are gone' {
        $all = Get-SsmInstance
        $all | ForEach-Object { $_ | Should -BeOfType SsmTools.Output.SsmInstance }
        $all.InstanceId | Sort-Object | Should -Be (@($web.InstanceId) + $dead.InstanceId | Sort-Object)
        $one = $all | Where-Object InstanceId -EQ $web[0].InstanceId
        $one.Managed | Should -BeTrue
        $one.PingStatus | Should -Be 'Online'
        $one.PlatformType | Should -Be 'Linux'
        $one.AgentVersion | Should -Match '^\d+\.\d+'
        $one.AgentOutdated | Should -BeFalse
        $one.SubnetType | Should -Be 'Private'
        $one.InstanceProfileName | Should -Be 'web'
        $one.Tags['Stage'] | Should -Be 'test'
        $other = $all | Where-Object InstanceId -EQ $dead.InstanceId
        $other.Managed | Should -BeFalse
        $other.PingStatus | Should -BeNullOrEmpty
        $other.PlatformType | Should -Be 'Windows'
    }

    It 'filters by <Filter>' -ForEach @(
        @{ Filter = '-Name'; Line = { Get-SsmInstance -Name W* }; Names = 'web', 'web' }
        @{ Filter = '-Name, of several'; Line = { Get-SsmInstance -Name dead, x* }; Names = 'dead' }
        @{ Filter = '-Tag'; Line = { Get-SsmInstance -Tag @{ Stage = 'p*' } }; Names = 'dead' }
        @{ Filter = '-Platform'; Line = { Get-SsmInstance -Platform Windows }; Names = 'dead' }
        @{ Filter = '-PingStatus'; Line = { Get-SsmInstance -Status Online }; Names = 'web', 'web' }
        @{ Filter = '-State'; Line = { Get-SsmInstance -State terminated, shutting-down }; Names = 'gone' }
        @{ Filter = '-Managed'; Line = { Get-SsmInstance -Managed }; Names = 'web', 'web' }
        @{ Filter = '-Unmanaged'; Line = { Get-SsmInstance -Unmanaged }; Names = 'dead' }
        @{ Filter = 'both, which is neither'; Line = { Get-SsmInstance -Managed -Unmanaged -Name dead }; Names = 'dead' }
        @{ Filter = 'a wildcard that fits nothing'; Line = { Get-SsmInstance -Name nope* -ErrorAction Stop }; Names = @() }
    ) {
        @(& $Line).Name | Sort-Object | Should -Be $Names
    }

    It 'takes ids, names and objects from the pipeline, and goes on after what is not there' {
        $found = $web[0], 'dead', 'i-0123456789abcdef0', 'nobody', $gone.InstanceId |
            Get-SsmInstance -ErrorVariable errors -ErrorAction SilentlyContinue
        $found.InstanceId | Sort-Object | Should -Be ($web[0].InstanceId, $dead.InstanceId, $gone.InstanceId | Sort-Object)
        $missing = $errors | Where-Object FullyQualifiedErrorId -Like 'InstanceNotFound,*'
        Assert-Error $missing[0] InstanceNotFound ObjectNotFound 'i-0123456789abcdef0'
        $unnamed = $errors | Where-Object FullyQualifiedErrorId -Like 'TargetNotFound,*'
        Assert-Error $unnamed[0] TargetNotFound ObjectNotFound 'nobody'
    }

    It 'says that a name without wildcards is not there' {
        Assert-Error (Get-Failure { Get-SsmInstance -Name nobody -ErrorAction Stop }) TargetNotFound ObjectNotFound 'nobody'
    }

    It 'returns nothing for an empty pipeline' {
        @() | Get-SsmInstance | Should -BeNullOrEmpty
    }

    It 'pipes into the cmdlets that take instances' {
        Get-SsmInstance -Name web | Test-SsmRegistration -Quiet | Should -BeTrue
    }

    It 'completes instances, platforms and states' {
        (Complete 'Get-SsmInstance dea').CompletionText | Should -Be $dead.InstanceId
        (Complete 'Get-SsmInstance -Platform W').CompletionText | Should -Be 'Windows'
        (Complete 'Get-SsmInstance -PingStatus C').CompletionText | Should -Be 'ConnectionLost'
    }

    It 'shows a table that fits <Width> columns' -ForEach @(
        @{ Width = 80; Header = 'InstanceId +Name +State +PingStatus +Platform +Subnet' }
        @{ Width = 120; Header = 'InstanceId +Name +State +PingStatus +Platform +Subnet +Agent +PrivateIp +Type' }
    ) {
        $lines = Get-SsmInstance | Format-Table | Out-String -Width $Width -Stream
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $Width
        $lines -join "`n" | Should -Match "$Header *\n"
    }
}
