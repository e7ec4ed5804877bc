"""Chinese words of industry that mean the same everywhere.

Offices add their own, and Latin short forms, in the glossary. One group a line. A word
that also means something else (行车 is a crane and to drive) does not belong here.
"""

from __future__ import annotations

_GROUPS = """
电机 | 马达 | 电动机
液压缸 | 油缸 | 液压油缸
液压马达 | 油马达
螺母 | 螺帽
螺钉 | 螺丝
垫圈 | 华司
紧定螺钉 | 止动螺钉
联轴器 | 联轴节 | 靠背轮
减速器 | 减速机 | 减速箱
圆锥滚子轴承 | 锥形滚子轴承
直线导轨 | 线性导轨 | 线轨
滚珠丝杠 | 滚珠丝杆 | 滚珠螺杆
传感器 | 感测器
连接器 | 接插件
熔断器 | 保险丝 | 熔丝
伺服电机 | 伺服马达 | 伺服电动机
步进电机 | 步进马达 | 步进电动机
硬质合金 | 钨钢
球墨铸铁 | 球铁
灰铸铁 | 灰口铸铁 | 灰铁
铝型材 | 铝挤型材 | 铝合金型材
铸件 | 铸造件
锻件 | 锻造件
冲压件 | 冲制件
压铸件 | 压力铸造件
钣金件 | 钣金零件
机加工件 | 机械加工件 | 机加件
焊接件 | 焊件
焊条 | 电焊条
线切割 | 电火花线切割
阳极氧化 | 阳极处理
表面粗糙度 | 表面光洁度
抗拉强度 | 拉伸强度
屈服强度 | 屈服极限
断后伸长率 | 延伸率 | 伸长率
冲击吸收能量 | 冲击功
交货期 | 交期 | 货期 | 供货周期
超声检测 | 超声波检测 | 超声探伤 | 超声波探伤
磁粉检测 | 磁粉探伤
渗透检测 | 渗透探伤 | 着色探伤
射线检测 | 射线探伤
碳纤维 | 碳素纤维
玻璃纤维 | 玻纤
流量计 | 流量表
行程开关 | 限位开关
接近开关 | 接近传感器
止回阀 | 单向阀 | 逆止阀
换热器 | 热交换器
空气压缩机 | 空压机
传动比 | 速比 | 减速比
热导率 | 导热系数
弯曲强度 | 抗弯强度 | 抗折强度
粘度 | 黏度
噪声 | 噪音
少数载流子寿命 | 少子寿命
扭矩 | 转矩
质保期 | 保修期 | 质量保证期
重复定位精度 | 重复精度
额定转矩 | 额定扭矩
额定电压 | 标称电压
最大扭矩 | 最大转矩
工作温度 | 使用温度
"""

SYNONYMS: tuple[tuple[str, ...], ...] = tuple(
    tuple(word.strip() for word in line.split("|")) for line in _GROUPS.splitlines() if line
)
