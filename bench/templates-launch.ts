/** What a launch is about; ids may be a template's slots. */
export interface Launch {
  readonly account: string;
  readonly region: string;
  readonly instanceType: string;
  readonly instances: readonly string[];
  readonly image: string;
  readonly subnet: string;
  readonly vpc: string;
  readonly group: string;
  readonly network: string;
  readonly reservation: string;
  readonly clientToken: string;
  readonly requestId: string;
  readonly profile: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Tags of the instances. */
  readonly tags: Readonly<Record<string, string>>;
}

/** `requestParameters` of `RunInstances`, as EC2 has CloudTrail write them. */
export const launchRequest = (launch: Launch): object => ({
  instancesSet: {
    items: [
      {
        imageId: launch.image,
        minCount: launch.instances.length,
        maxCount: launch.instances.length,
        keyName: "example",
      },
    ],
  },
  instanceType: launch.instanceType,
  blockDeviceMapping: {
    items: [
      {
        deviceName: "/dev/xvda",
        ebs: { volumeSize: 500, deleteOnTermination: true, volumeType: "gp3", encrypted: true },
      },
    ],
  },
  availabilityZone: `${launch.region}a`,
  monitoring: { enabled: false },
  subnetId: launch.subnet,
  disableApiTermination: false,
  disableApiStop: false,
  clientToken: launch.clientToken,
  iamInstanceProfile: { name: launch.profile },
  ebsOptimized: true,
  tagSpecificationSet: { items: [{ resourceType: "instance", tags: tagList(launch) }] },
  metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 2 },
});

/** `responseElements` of `RunInstances`: one entry for each instance. */
export const launchResponse = (launch: Launch): object => ({
  requestId: launch.requestId,
  reservationId: launch.reservation,
  ownerId: launch.account,
  groupSet: {},
  instancesSet: { items: launch.instances.map((instanceId, index) => instance(launch, instanceId, index)) },
});

function instance(launch: Launch, instanceId: string, index: number): object {
  const groupSet = { items: [{ groupId: launch.group, groupName: "gpu-nodes" }] };
  const privateIpAddress = `10.0.40.${20 + index}`;
  return {
    instanceId,
    imageId: launch.image,
    bootMode: "uefi-preferred",
    currentInstanceBootMode: "uefi",
    instanceState: { code: 0, name: "pending" },
    privateDnsName: `ip-10-0-40-${20 + index}.${launch.region}.compute.internal`,
    keyName: "example",
    amiLaunchIndex: index,
    productCodes: {},
    instanceType: launch.instanceType,
    launchTime: launch.at,
    placement: { availabilityZone: `${launch.region}a`, tenancy: "default" },
    monitoring: { state: "disabled" },
    subnetId: launch.subnet,
    vpcId: launch.vpc,
    privateIpAddress,
    stateReason: { code: "pending", message: "pending" },
    architecture: "x86_64",
    rootDeviceType: "ebs",
    rootDeviceName: "/dev/xvda",
    blockDeviceMapping: {},
    virtualizationType: "hvm",
    hypervisor: "xen",
    tagSet: { items: tagList(launch) },
    clientToken: launch.clientToken,
    groupSet,
    sourceDestCheck: true,
    networkInterfaceSet: {
      items: [
        {
          networkInterfaceId: launch.network,
          subnetId: launch.subnet,
          vpcId: launch.vpc,
          ownerId: launch.account,
          status: "in-use",
          privateIpAddress,
          sourceDestCheck: true,
          groupSet,
          attachment: {
            deviceIndex: 0,
            networkCardIndex: 0,
            status: "attaching",
            attachTime: launch.at,
            deleteOnTermination: true,
          },
          privateIpAddressesSet: { item: [{ privateIpAddress, primary: true }] },
          ipv6AddressesSet: {},
          tagSet: {},
        },
      ],
    },
    iamInstanceProfile: {
      arn: `arn:aws:iam::${launch.account}:instance-profile/${launch.profile}`,
      id: "AIPAIOSFODNN7EXAMPLE",
    },
    ebsOptimized: true,
    enaSupport: true,
    cpuOptions: { coreCount: 48, threadsPerCore: 2 },
    capacityReservationSpecification: { capacityReservationPreference: "open" },
    enclaveOptions: { enabled: false },
    metadataOptions: { state: "pending", httpTokens: "required", httpPutResponseHopLimit: 2, httpEndpoint: "enabled" },
    maintenanceOptions: { autoRecovery: "default" },
    privateDnsNameOptions: { hostnameType: "ip-name", enableResourceNameDnsARecord: false },
  };
}

const tagList = ({ tags }: Launch): readonly object[] => Object.entries(tags).map(([key, value]) => ({ key, value }));
