BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Get-SsmSessionAlert' {
    It 'lists the alerts by name, and one by its name' {
        Get-SsmSessionAlert | Should -BeNullOrEmpty
        $null = 'two', 'one' | ForEach-Object { Register-SsmSessionAlert $_ -AllNodes }
        (Get-SsmSessionAlert).Name | Should -Be 'one', 'two'
        $alert = Get-SsmSessionAlert two
        $alert.Nodes | Should -Be 'all'
        $alert.TopicArn | Should -Match ':SsmTools-two$'
        $alert.Enabled | Should -BeTrue
    }

    It 'names an alert that is not there' {
        Assert-Error (Get-Failure { Get-SsmSessionAlert none -ErrorAction Stop }) AlertNotFound ObjectNotFound 'none'
    }

    It 'shows who has yet to confirm' {
        $null = Register-SsmSessionAlert mailed -AllNodes -Subscriber ops@example.com
        (Get-SsmSessionAlert mailed).Subscriber | Should -Be 'ops@example.com'
        (Get-SsmSessionAlert mailed).Pending | Should -Be 'ops@example.com'
    }

    It 'completes names' {
        $null = Register-SsmSessionAlert completed -AllNodes
        (Complete 'Get-SsmSessionAlert comp').CompletionText | Should -Contain 'completed'
    }
}
