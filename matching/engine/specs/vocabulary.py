"""The words by which specification text is told from other text; data only."""

from __future__ import annotations

import re


def any_of(words: str) -> str:
    """A pattern for any of the words, longest first."""
    return "|".join(re.escape(word) for word in sorted(words.split(), key=lambda word: (-len(word), word)))


MATERIAL_NAMES = any_of("材质 材料 牌号 钢种 钢号 母材 基材 材料牌号 material grade")
MATERIALS = any_of(
    "硬质合金 不锈钢 碳钢 合金钢 铸铁 球墨铸铁 灰铸铁 铸钢 铝合金 镁合金 钛合金 铜合金 黄铜 紫铜 青铜 "
    "铜 铝 橡胶 硅胶 氟橡胶 丁腈橡胶 三元乙丙 聚氨酯 聚四氟乙烯 尼龙 玻璃钢 碳纤维 陶瓷 碳化硅 氧化铝 "
    "氮化硅 石墨 石英 花岗岩 塑料 木材 PVC PE PP PTFE PEEK PVDF ABS PC PA66 PA6 POM EPDM NBR FKM"
)
COATINGS = any_of(
    "热镀锌 热浸镀锌 电镀锌 镀锌 镀锌镍 镀铬 镀硬铬 镀镍 镀银 镀金 镀锡 镀铜 发黑 发蓝 磷化 阳极氧化 "
    "硬质阳极氧化 喷塑 喷漆 电泳 达克罗 沉金 喷锡 钝化 喷砂 抛光 渗氮 氮化 喷涂 涂漆"
)
LEVEL_NAMES = any_of(
    "等级 级别 精度 游隙 口径 通径 公差 探伤 涂层 性能 颜色 标志 牌号 型号 规格 尺寸公差 纯度 螺纹规格 "
    "电压等级 接口 封装 协议 制式 粘度牌号"
)
CHOICE_NAMES = any_of(
    "方式 类型 型式 形式 状态 颜色 表面处理 热处理 热处理状态 品牌 产地 接口 接口类型 协议 型号 规格 "
    "材质 材料 牌号 钢种 封装 结构 等级 级别 标准 用途 介质 认证 包装 工艺"
)
DEFECTS = any_of(
    "裂纹 微裂纹 夹渣 气孔 缩孔 缩松 砂眼 毛刺 飞边 锈蚀 锈斑 红锈 划痕 划伤 变形 分层 折叠 结疤 凹坑 "
    "麻点 油污 杂质 异物 破损 渗漏 泄漏 漏油 冷隔 偏析 白点 崩边 隐裂 缺角 色差 气泡 异响 杂音 脱落 "
    "击穿 阴影 针孔 起皮 起泡 氧化皮 夹杂 疏松 缺陷 断线 虚焊 机械损伤 磕碰 卡滞 腐蚀 剥落"
)
NOT_CONTAINED = any_of("税 运费 安装费 电池 发票 增值税 运输 包装 但")
CERTIFICATES = any_of(
    "CE CCC 3C UL TUV TÜV CNAS CMA MA KA DNV CCS ABS FDA FCC ATEX CRCC CNEX API NADCAP CQC GMP IRIS "
    "IECEx PED SIL2 SIL3 PSE BIS GOST EAC VDE CB LR BV IATF ISO FSC HACCP HALAL AS9100 AS9100D"
)
ALWAYS_CERTIFICATES = any_of("RoHS RoHS2.0 REACH ROHS")
PAPERS = any_of(
    "认证证书 体系认证 产品认证 管理体系认证 质量体系认证 质量管理体系认证 认证 证书 标志 资质 认可 "
    "标识 标志证书 许可证 煤安标志证书 煤安标志 煤安认证 煤安证 检测报告 报告 认可检测报告 要求"
)
HEADS = any_of(
    "比表面积 表面积 截面积 强度 硬度 厚度 直径 长度 宽度 高度 深度 外径 内径 壁厚 板厚 膜厚 层厚 孔径 "
    "线径 缸径 刃径 轴径 幅宽 带宽 行程 跨度 间距 间隙 重量 质量 自重 克重 密度 粒度 粒径 纯度 含量 "
    "浓度 水分 灰分 黏度 粘度 熔点 沸点 闪点 温度 温升 压力 全压 静压 压降 真空度 流量 风量 排量 "
    "排气量 扬程 功率 效率 电压 电流 电阻 电阻率 电导率 电容 电感 频率 转速 速度 扭矩 转矩 力矩 推力 "
    "拉力 张力 夹紧力 破断力 载荷 载重 负荷 负载 容量 容积 体积 面积 噪声 噪音 振动 精度 误差 偏差 "
    "公差 粗糙度 平面度 直线度 圆度 同轴度 跳动 平行度 垂直度 椭圆度 翘曲度 弯曲度 寿命 次数 周期 时间 "
    "延时 时延 时效 期限 系数 指数 因数 模量 伸长率 延伸率 收缩率 透光率 透过率 反射率 吸水率 含水率 "
    "孔隙率 合格率 良品率 成品率 损耗 功耗 能耗 铁损 磁感 剩磁 矫顽力 磁导率 分辨率 灵敏度 量程 波长 "
    "焦距 孔隙度 色度 光泽 酸值 碘值 指标 等级 级别 型号 规格 牌号 材质 材料 口径 通径 游隙 尺寸公差 "
    "衰减 插损 回损 电导 阻抗 变比 减速比 传动比 速比 背隙 冲击功 导热系数 膨胀系数"
)
MODIFIERS = any_of(
    "装机 干膜 湿膜 漆膜 氧化膜 额定 公称 标称 最大 最小 最高 最低 平均 工作 输入 输出 设计 使用 试验 测试 "
    "屈服 抗拉 拉伸 抗压 抗弯 抗折 弯曲 抗剪 剪切 冲击 疲劳 断裂 断后 扯断 穿刺 剥离 粘接 转换 摩擦 "
    "导热 导电 热 电 磁 表面 心部 芯部 踏面 本体 基体 单体 循环 充电 放电 储存 环境 介质 存储 响应 "
    "续航 重复 定位 主轴 有效 体积 表观 振实 比 总 净 毛 相对 绝对 初始 首年 首次 年 月 日 单 单件 "
    "整车 整机 接触 绝缘 击穿 耐压 工频 直流 交流 开路 短路 峰值 系统 整机 安全 爆破 开启 关闭 反应 "
    "固化 干燥 熔融 结晶 玻璃化转变 热变形 软化 洛氏 布氏 维氏 邵氏 显微 调质 淬火 尺寸 形位 位置 角度 "
    "径向 轴向 端面 法向 横向 纵向 水平 垂直 上 下 内 外 空载 负载 满载 无故障 疲劳 质保 保修 交货 "
    "供货 起升 提升 行走 牵引 制动 防护 防爆 阻燃 防火 保护 耐火 精度 螺纹"
)
# Characters that products' names end with; a part's name before a parameter belongs to the parameter.
PRODUCT_ENDS = (
    "板管片机器泵阀车桩盘膜件钢辊簧箱柜罐瓶棒带缆胺镜炉轮铁材粉液剂胶布纸砖灯仪表枪锁门窗泥底台头炭床箔璃锭"
)
COMPONENTS = any_of(
    "榫头 电机 马达 齿轮 微管 叶片 泵体 阀体 机壳 管壁 编码器 控制器 传感器 变频器 车轮 油 原材 单炉 "
    "每台 各 单 芯材 面板 端盖 活塞杆 外壳 箱体 踏面 机体 母材 基材 板"
)
SOFT = (
    "优先|最好|优选|可选|选配|建议|尽量|尽可能|希望|期望|推荐|更佳|更好|为佳|为宜|"
    "宜(?![宾昌居春兴])(?<![适便相时权事不]宜)|如有|若有|"
    "(?i:\\b(?:preferabl[ey]|preferred|should|optional(?:ly)?|nice to have|desirable|desired|ideally|"
    "recommended|would like|wish)\\b)"
)
