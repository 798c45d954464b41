# Calls the sandbox as any client of AWS does, signed (AWS Signature Version 4), for what the module has no cmdlet of.
# Dot-sourced where $sandbox is what Start-SsmSandbox returned.

function Invoke-SignedRequest([string] $Service, [string] $Type, [string] $Body, [string] $Target) {
    function Hash([string] $Text) { [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes($Text))).ToLowerInvariant() }
    function Sign([byte[]] $Key, [string] $Text) { , [Security.Cryptography.HMACSHA256]::HashData($Key, [Text.Encoding]::UTF8.GetBytes($Text)) }
    $time = [datetime]::UtcNow.ToString('yyyyMMddTHHmmssZ', [cultureinfo]::InvariantCulture)
    $day = $time.Substring(0, 8)
    $endpoint = [uri] $sandbox.Endpoint
    $names = 'content-type;host;x-amz-date;x-amz-target'
    $canonical = "POST`n/`n`ncontent-type:$Type`nhost:$($endpoint.Authority)`nx-amz-date:$time`nx-amz-target:$Target`n`n$names`n$(Hash $Body)"
    $scope = "$day/$($sandbox.Region)/$Service/aws4_request"
    $key = [Text.Encoding]::UTF8.GetBytes("AWS4$($sandbox.SecretAccessKey)")
    foreach ($part in $scope -split '/') {
        $key = Sign $key $part
    }
    $signature = [Convert]::ToHexString((Sign $key "AWS4-HMAC-SHA256`n$time`n$scope`n$(Hash $canonical)")).ToLowerInvariant()
    Invoke-RestMethod $endpoint -Method Post -Body $Body -ContentType $Type -SkipHeaderValidation -Headers @{
        'X-Amz-Date' = $time
        'X-Amz-Target' = $Target
        Authorization = "AWS4-HMAC-SHA256 Credential=$($sandbox.AccessKeyId)/$scope, SignedHeaders=$names, Signature=$signature"
    }
}

function Get-ActiveSession([string] $InstanceId) {
    $answer = Invoke-SignedRequest ssm 'application/x-amz-json-1.1' '{"State":"Active"}' 'AmazonSSM.DescribeSessions'
    @($answer.Sessions | Where-Object { $_ -and $_.Target -eq $InstanceId })
}

function Import-KeyPair([string] $Name, [string] $PublicKey) {
    $material = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($PublicKey))
    $body = "Action=ImportKeyPair&Version=2016-11-15&KeyName=$Name&PublicKeyMaterial=$([uri]::EscapeDataString($material))"
    $null = Invoke-SignedRequest ec2 'application/x-www-form-urlencoded' $body 'none'
}

# Users, of whom the module makes none.
function Invoke-Iam([string] $Body) {
    Invoke-SignedRequest iam 'application/x-www-form-urlencoded' "$Body&Version=2010-05-08" 'none'
}

function New-IamUser([string] $Name) {
    $null = Invoke-Iam "Action=CreateUser&UserName=$Name"
}

# An access key of a user, to be splatted.
function New-IamKey([string] $UserName) {
    $key = (Invoke-Iam "Action=CreateAccessKey&UserName=$UserName").CreateAccessKeyResponse.CreateAccessKeyResult.AccessKey
    @{ AccessKey = $key.AccessKeyId; SecretKey = $key.SecretAccessKey }
}
